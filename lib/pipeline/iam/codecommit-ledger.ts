import { type Platform, parseCodeCommitAddress } from '../../catalog';

/**
 * Name of the ledger repository in CodeCommit, where promote writes with IAM credentials.
 *
 * A permission names the repository in the account and region of the pipelines. An address in another region would therefore grant access to a
 * different repository. The address has no account: git uses the account of the role.
 * @throws Error for an address outside of CodeCommit, or in another region; a validated catalog has neither
 */
export function codeCommitLedgerName({ ledger, pipeline }: Platform): string {
  const address = parseCodeCommitAddress(ledger.repository);
  if (address?.region !== pipeline.region) {
    throw new Error(
      `\`ledger.repository\` with \`ledger.credential: { kind: codecommit }\` must be https://git-codecommit.${pipeline.region}.amazonaws.com/v1/repos/<name>, got: ${ledger.repository}`,
    );
  }
  return address.name;
}

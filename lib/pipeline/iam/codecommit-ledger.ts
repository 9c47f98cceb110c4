import { parseCodeCommitAddress, type Platform } from '../../catalog';

/**
 * Name of the ledger in CodeCommit, where promote writes it by IAM: a right names the repository in the account and region of the pipelines, so
 * that an address anywhere else would be a right on another repository. The account stands in no address: git asks by the role's own.
 * @throws Error for an address that is none of CodeCommit, or of another region: a catalog that was checked has none
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

import type { Platform } from '../catalog';

/**
 * Name of the ledger in CodeCommit, where promote writes it by IAM: a right names the repository in the account and region of the pipelines, so
 * that an address anywhere else would be a right on another repository. The account stands in no address: git asks by the role's own.
 * Addresses: https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html
 * @throws Error for an address that is none of CodeCommit, or of another region
 */
export function codeCommitLedger({ ledger, pipeline }: Platform): string {
  const host = /^git-codecommit(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
  const url = URL.canParse(ledger.repository) ? new URL(ledger.repository) : undefined;
  const region = host.exec(url?.hostname ?? '')?.[1];
  const name = /^\/v1\/repos\/([A-Za-z0-9._-]{1,100})$/.exec(url?.pathname ?? '')?.[1];
  if (url?.protocol !== 'https:' || url.port !== '' || region === undefined || name === undefined) {
    throw new Error(
      `\`ledger.repository\` with \`ledger.credential: { kind: codecommit }\` must be https://git-codecommit.${pipeline.region}.amazonaws.com/v1/repos/<name>, got: ${ledger.repository}`,
    );
  }
  if (region !== pipeline.region) {
    throw new Error(
      `\`ledger.repository\` must be in the region of the pipelines (${pipeline.region}), got one in ${region}: promote would have rights on a repository of its name here, and none on that one`,
    );
  }
  return name;
}

/** The region and the name of a CodeCommit repository. Its address does not contain the account. */
export interface CodeCommitAddress {
  readonly region: string;
  readonly name: string;
}

/** Parses the HTTPS address of a CodeCommit repository (https://docs.aws.amazon.com/codecommit/latest/userguide/regions.html). */
export function parseCodeCommitAddress(text: string): CodeCommitAddress | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = /^git-codecommit(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
  const region = host.exec(url?.hostname ?? '')?.[1];
  const name = /^\/v1\/repos\/([A-Za-z0-9._-]{1,100})$/.exec(url?.pathname ?? '')?.[1];
  return url?.protocol !== 'https:' || url.port !== '' || region === undefined || name === undefined
    ? undefined
    : { region, name };
}

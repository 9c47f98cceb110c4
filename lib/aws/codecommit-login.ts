import type { Credentials } from './signed-request';
import { deriveSigningKey, formatScope, hmac, sha256 } from './signing-key';

/** The user name and password for git over HTTPS, valid for a few minutes and a single repository. */
export interface CodeCommitLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * Creates the same login as `aws codecommit credential-helper get`: a signature over the method `GIT`, the path and the host
 * (https://github.com/aws/aws-cli/blob/v2/awscli/customizations/codecommit.py).
 * @param url the address of the repository, such as `https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger`
 */
export function codeCommitLogin(
  url: URL,
  region: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  now: Date,
): CodeCommitLogin {
  // Unlike in request signatures, the time does not end with Z. The password appends it.
  const time = now.toISOString().replace(/[-:]|\.[0-9]{3}Z/g, '');
  const scope = { day: time.slice(0, 8), region, service: 'codecommit' };
  const request = `GIT\n${url.pathname}\n\nhost:${url.hostname}\n\nhost\n`;
  const text = ['AWS4-HMAC-SHA256', time, formatScope(scope), sha256(request)].join('\n');
  const signature = hmac(deriveSigningKey(secretAccessKey, scope), text).toString('hex');
  return {
    username: sessionToken === undefined ? accessKeyId : `${accessKeyId}%${sessionToken}`,
    password: `${time}Z${signature}`,
  };
}

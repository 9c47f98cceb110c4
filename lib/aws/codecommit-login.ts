import type { Credentials } from './signed-request';
import { hmac, scopeText, sha256, signingKey } from './signing-key';

/** Name and password for git over https. Good for minutes, and for this one repository. */
export interface CodeCommitLogin {
  readonly username: string;
  readonly password: string;
}

/**
 * What `aws codecommit credential-helper get` answers: a signature over the verb `GIT`, the path and the host
 * (https://github.com/aws/aws-cli/blob/v2/awscli/customizations/codecommit.py).
 * @param url of the repository, such as `https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger`
 */
export function codeCommitLogin(
  url: URL,
  region: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  now: Date,
): CodeCommitLogin {
  // Without the Z, other than in a request's own signature: it comes behind, in the password.
  const time = now.toISOString().replace(/[-:]|\.[0-9]{3}Z/g, '');
  const scope = { day: time.slice(0, 8), region, service: 'codecommit' };
  const request = `GIT\n${url.pathname}\n\nhost:${url.hostname}\n\nhost\n`;
  const text = ['AWS4-HMAC-SHA256', time, scopeText(scope), sha256(request)].join('\n');
  const signature = hmac(signingKey(secretAccessKey, scope), text).toString('hex');
  return {
    username: sessionToken === undefined ? accessKeyId : `${accessKeyId}%${sessionToken}`,
    password: `${time}Z${signature}`,
  };
}

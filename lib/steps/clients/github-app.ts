import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import { badInput } from '../../errors';
import { githubRequest, messageOf } from './github-request';

/** A GitHub App that is installed on the ledger's repository. */
export interface GitHubApp {
  readonly appId: string;
  readonly installationId: string;
  /** The PEM file that GitHub generates. */
  readonly privateKey: string;
  readonly api: string;
}

/** What a token may do. */
export interface TokenScope {
  /** Names of repositories of the installation. @default all of them */
  readonly repositories?: readonly string[];
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
}

/** A token, which expires within an hour, or why GitHub did not return one. */
export type TokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly cause: 'refused' | 'unreachable'; readonly reason: string };

const tokenSchema = z.looseObject({ token: z.string().min(1) });

/** GitHub accepts at most ten minutes. The token starts a minute early, because this machine's clock may be ahead of GitHub's. */
const lifetime = { before: 60, after: 300 } as const;

/**
 * The JSON Web Token that authenticates an App: RS256
 * (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * @throws BowlineError `bad-private-key` (exit 3); the message has nothing of the key
 */
export function appJwt({ appId, privateKey }: Pick<GitHubApp, 'appId' | 'privateKey'>, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: seconds - lifetime.before, exp: seconds + lifetime.after, iss: appId };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), rsaKey(privateKey)).toString('base64url')}`;
}

/**
 * Requests a token of an installation with the given permissions only.
 * @throws BowlineError `bad-private-key` (exit 3), `git-host-unreachable` (exit 1) when there is no response
 */
export async function installationToken(app: GitHubApp, scope: TokenScope, now: Date): Promise<TokenResult> {
  const answer = await githubRequest({
    api: app.api,
    method: 'POST',
    path: `/app/installations/${encodeURIComponent(app.installationId)}/access_tokens`,
    bearer: appJwt(app, now),
    body: scope,
  });
  const token = tokenSchema.safeParse(answer.body);
  if (answer.status === 201 && token.success) {
    return { ok: true, token: token.data.token };
  }
  if (answer.status >= 500 || answer.status === 429 || answer.status === 201) {
    return { ok: false, cause: 'unreachable', reason: `${app.api} did not return a token: ${messageOf(answer)}` };
  }
  const needed = Object.entries(scope.permissions)
    .map(([name, level]) => `${name}: ${level}`)
    .join(', ');
  const where = scope.repositories === undefined ? '' : ` for ${scope.repositories.join(', ')}`;
  return {
    ok: false,
    cause: 'refused',
    reason: `GitHub refuses a token of App ${app.appId}${where} (${messageOf(answer)}). Check that the App is installed there (installation ${app.installationId}), that it has the permissions ${needed}, and that the secret has its current key`,
  };
}

function rsaKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL's message could quote the key.
  }
  if (key?.asymmetricKeyType !== 'rsa') {
    throw badInput(
      'bad-private-key',
      "the secret of the GitHub App is not an RSA private key: it must be the PEM file from GitHub's settings page",
    );
  }
  return key;
}

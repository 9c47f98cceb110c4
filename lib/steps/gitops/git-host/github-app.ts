import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import { badInput, inconclusive, rejected } from '../../../errors';
import { githubRequest, messageOf } from './github-request';

/** A GitHub App, installed where the ledger is. */
export interface GitHubApp {
  readonly appId: string;
  readonly installationId: string;
  /** PEM, as GitHub hands it out. */
  readonly privateKey: string;
  readonly api: string;
}

/** Good for an hour at most, and for what was asked alone. */
export interface AppToken {
  readonly token: string;
  readonly expiresAt: string;
}

const tokenSchema = z.looseObject({ token: z.string().min(1), expires_at: z.string() });

/** GitHub takes at most ten minutes, and a clock may be ahead of its own: begin a minute early. */
const lifetime = { before: 60, after: 300 } as const;

/**
 * The JSON Web Token by which an App says who it is: RS256
 * (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * @throws BowlineError `bad-private-key`, exit 3; says nothing of what the key is
 */
export function appJwt({ appId, privateKey }: Pick<GitHubApp, 'appId' | 'privateKey'>, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: seconds - lifetime.before, exp: seconds + lifetime.after, iss: appId };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), rsaKey(privateKey)).toString('base64url')}`;
}

/**
 * A token of an installation for one repository and for the rights named.
 * @throws BowlineError `git-credential-refused` (exit 2) when GitHub says no, `git-host-unreachable` (exit 1)
 */
export async function installationToken(
  app: GitHubApp,
  repository: string,
  permissions: Readonly<Record<string, 'read' | 'write'>>,
  now: Date,
): Promise<AppToken> {
  const answer = await githubRequest({
    api: app.api,
    method: 'POST',
    path: `/app/installations/${encodeURIComponent(app.installationId)}/access_tokens`,
    bearer: appJwt(app, now),
    body: { repositories: [repository], permissions },
  });
  const token = tokenSchema.safeParse(answer.body);
  if (answer.status === 201 && token.success) {
    return { token: token.data.token, expiresAt: token.data.expires_at };
  }
  if (answer.status >= 500 || answer.status === 429 || answer.status === 201) {
    throw inconclusive('git-host-unreachable', `${app.api} gave no token: ${messageOf(answer)}`);
  }
  throw rejected(
    'git-credential-refused',
    `GitHub gives App ${app.appId} no token for ${repository} (${messageOf(answer)}). Look whether the App is installed there (installation ${app.installationId}), may do ${Object.entries(
      permissions,
    )
      .map(([name, level]) => `${name}: ${level}`)
      .join(', ')}, and whether its key in the secret is the present one`,
  );
}

function rsaKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL's words could quote what it was given.
  }
  if (key?.asymmetricKeyType !== 'rsa') {
    throw badInput(
      'bad-private-key',
      "the secret of the GitHub App holds no RSA private key: it must be the PEM file itself, as GitHub's settings page hands it out",
    );
  }
  return key;
}

import { type AwsApi, AwsCallError, codeCommitLogin, readSecretText } from '../../aws';
import type { Platform } from '../../catalog';
import { badInput, inconclusive, rejected } from '../../errors';
import { installationToken } from '../clients/github-app';
import { type GitHost, githubHost } from './git-host';

export type LedgerCredential = NonNullable<Platform['ledger']['credential']>;

/** What a job does with the ledger. Each use needs its own permissions. */
export type LedgerUse = 'read' | 'push' | 'pull-request';

/** How one job accesses the ledger. Nothing of it is written to disk. */
export interface LedgerAccess {
  /** git configuration, passed to git only in its environment. */
  readonly config: Readonly<Record<string, string>>;
  /** Where pull requests are opened, if the credential allows it. */
  readonly host?: GitHost;
}

export interface LedgerAccessInput {
  readonly credential: LedgerCredential;
  /** Address of the ledger. */
  readonly repository: string;
  readonly use: LedgerUse;
  /** @param region undefined: the job's own */
  readonly aws: (region?: string) => AwsApi;
  readonly now: Date;
}

/**
 * Creates a credential for the ledger: short-lived, for this repository only, with the fewest permissions.
 * @throws BowlineError `bad-ledger-address` (exit 3) when it could not be sent safely, `git-credential-refused` (exit 2),
 * `git-host-unreachable` (exit 1)
 */
export async function ledgerAccess(input: LedgerAccessInput): Promise<LedgerAccess> {
  const { credential } = input;
  const url = requireSecureUrl(input.repository);
  switch (credential.kind) {
    case 'codecommit': {
      const region = /^git-codecommit(?:-fips)?\.([a-z0-9-]+)\./.exec(url.hostname)?.[1];
      const api = input.aws(region);
      const { username, password } = codeCommitLogin(url, api.region, await api.credentials(), input.now);
      return { config: withHeader(url, username, password) };
    }
    case 'github-app': {
      const [owner = '', name = ''] = url.pathname
        .replace(/^\//, '')
        .replace(/\.git$/, '')
        .split('/');
      const api = credential.api ?? apiOf(url);
      const result = await installationToken(
        {
          appId: credential.appId,
          installationId: credential.installationId,
          privateKey: await secretText(input.aws(), credential.secret),
          api,
        },
        {
          repositories: [name],
          permissions: permissionsOf[input.use],
        },
        input.now,
      );
      if (!result.ok) {
        throw result.cause === 'unreachable'
          ? inconclusive('git-host-unreachable', result.reason)
          : rejected('git-credential-refused', result.reason);
      }
      const { token } = result;
      return {
        config: withHeader(url, 'x-access-token', token),
        ...(input.use === 'pull-request' ? { host: githubHost({ api, owner, name, token }) } : {}),
      };
    }
  }
}

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
const permissionsOf: Readonly<Record<LedgerUse, Readonly<Record<string, 'read' | 'write'>>>> = {
  read: { contents: 'read' },
  push: { contents: 'write' },
  'pull-request': { contents: 'write', pull_requests: 'write' },
};

/** The API of github.com, or of the GitHub Enterprise Server that hosts the repository. */
function apiOf(url: URL): string {
  return url.hostname === 'github.com' ? 'https://api.github.com' : `${url.origin}/api/v3`;
}

/** A credential is only sent over TLS, or to this machine. */
function requireSecureUrl(repository: string): URL {
  const url = URL.canParse(repository) ? new URL(repository) : undefined;
  const loopback = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost';
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)) {
    return url;
  }
  throw badInput(
    'bad-ledger-address',
    `the ledger's credential is only sent over https, got: ${JSON.stringify(repository.replace(/\/\/[^/@]*@/, '//'))}; write the address as https://…`,
  );
}

/**
 * git configuration with an authorization header for this address only. It is passed in git's environment: every process can read a command
 * line, and a file would outlive the job. Credential helpers are switched off, so that none stores it.
 */
function withHeader(url: URL, username: string, password: string): Readonly<Record<string, string>> {
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return {
    [`http.${url.origin}${url.pathname}.extraHeader`]: `Authorization: Basic ${basic}`,
    'http.followRedirects': 'false',
    'credential.helper': '',
  };
}

async function secretText(api: AwsApi, name: string): Promise<string> {
  let text: string | undefined;
  try {
    text = await readSecretText(api, name);
  } catch (error) {
    if (!(error instanceof AwsCallError)) {
      throw error;
    }
    const reason = `cannot read the secret ${name} with the key of the GitHub App: ${error.message}`;
    throw error.code === 'unreachable'
      ? inconclusive('git-host-unreachable', reason)
      : rejected('git-credential-refused', reason);
  }
  if (text === undefined) {
    throw rejected('git-credential-refused', `the secret ${name} has no text: it must be the App's private key in PEM`);
  }
  return text;
}

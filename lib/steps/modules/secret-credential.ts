import { type AwsApi, AwsCallError, readSecretText } from '../../aws';
import type { PrivateModules, Service } from '../../catalog';
import { BowlineError, badInput, inconclusive } from '../../errors';
import { installationToken } from '../clients/github-app';
import type { Reporter } from '../reporter';
import type { ModuleAccess } from './module-access';
import { parseNetrc, renderNetrc } from './netrc';

export interface SecretCredentialInput {
  readonly service: Service;
  readonly modules: PrivateModules;
  readonly aws: () => Promise<AwsApi>;
  readonly now: Date;
  readonly reporter: Pick<Reporter, 'note'>;
}

/**
 * Reads the netrc of a secret, or requests a read-only token of the App whose key the secret has.
 * @returns nothing when the catalog names no credential
 * @throws BowlineError `module-credential` (exit 3, or 1 when Secrets Manager or GitHub does not respond)
 */
export async function secretNetrc(input: SecretCredentialInput): Promise<Pick<ModuleAccess, 'netrc' | 'origin'>> {
  const { modules, reporter } = input;
  const { credential } = modules;
  if (credential === undefined) {
    return {};
  }
  const text = await readSecret(input, credential.secret);
  switch (credential.kind) {
    case 'netrc': {
      const hosts = parseNetrc(text).map(({ machine }) => machine);
      if (hosts.length === 0) {
        throw badInput(
          'module-credential',
          `${input.service.name}: the secret ${credential.secret} is not a netrc file: expected lines such as "machine git.example.com login <name> password <token>"`,
        );
      }
      reporter.note(`private modules: using the secret ${credential.secret} for ${hosts.join(', ')}`);
      return { netrc: text, origin: `the secret ${credential.secret}` };
    }
    case 'github-app': {
      const { appId, installationId, api = 'https://api.github.com' } = credential;
      const token = await requestToken(input, { appId, installationId, privateKey: text, api });
      const machine = gitHost(api);
      reporter.note(`private modules: using a read-only token of GitHub App ${appId} for ${machine}`);
      return {
        netrc: renderNetrc([{ machine, login: 'x-access-token', password: token }]),
        origin: `GitHub App ${appId} (installation ${installationId})`,
      };
    }
  }
}

/** The host of git for an API: github.com, or a GitHub Enterprise Server (https://<host>/api/v3). */
function gitHost(api: string): string {
  const { hostname } = new URL(api);
  return hostname === 'api.github.com' ? 'github.com' : hostname.replace(/^api\.(?=.*\.ghe\.com$)/, '');
}

async function readSecret({ service, aws }: SecretCredentialInput, name: string): Promise<string> {
  let text: string | undefined;
  try {
    text = await readSecretText(await aws(), name);
  } catch (error) {
    if (!(error instanceof AwsCallError)) {
      throw error;
    }
    const reason = `${service.name}: cannot read the secret ${name} of build.modules.credential: ${error.message}`;
    throw error.awsCode === undefined
      ? inconclusive('module-credential', reason)
      : badInput(
          'module-credential',
          `${reason}. Create the secret in the account of the pipelines, or correct its name`,
        );
  }
  if (text === undefined) {
    throw badInput('module-credential', `${service.name}: the secret ${name} of build.modules.credential has no text`);
  }
  return text;
}

async function requestToken(
  { service, now }: SecretCredentialInput,
  app: Parameters<typeof installationToken>[0],
): Promise<string> {
  try {
    const result = await installationToken(app, { permissions: { contents: 'read' } }, now);
    if (result.ok) {
      return result.token;
    }
    const reason = `${service.name}: private modules: ${result.reason}`;
    throw result.cause === 'unreachable'
      ? inconclusive('module-credential', reason)
      : badInput('module-credential', reason);
  } catch (error) {
    throw error instanceof BowlineError && error.code !== 'module-credential'
      ? new BowlineError('module-credential', `${service.name}: private modules: ${error.message}`, error.exitCode)
      : error;
  }
}

import type { AwsApi } from '../../aws';
import type { PrivateModules, Service } from '../../catalog';
import { badInput } from '../../errors';
import { moduleSecrets, renderGitConfig } from '../../image';
import type { Reporter } from '../reporter';
import { machineNetrc } from './machine-credential';
import { secretNetrc } from './secret-credential';

/** How one job downloads private modules. */
export interface ModuleAccess {
  readonly modules: PrivateModules;
  /** A netrc file. Absent if the modules need no credential, or the machine has none. */
  readonly netrc?: string;
  /** Where the credential is from, such as `the secret storefront/modules`. */
  readonly origin?: string;
}

/** Where a job has its credential for private modules from: the secret of the catalog, the user's git, or nowhere. */
export const moduleCredentialSources = ['secret', 'machine', 'none'] as const;
export type ModuleCredentialSource = (typeof moduleCredentialSources)[number];

export interface ModuleAccessInput {
  readonly service: Service;
  readonly from: ModuleCredentialSource;
  /** Called only for `secret`. */
  readonly aws: () => Promise<AwsApi>;
  readonly now: Date;
  readonly reporter: Pick<Reporter, 'note'>;
}

/**
 * Opens the access of a job to the private modules of a service. Says which credential it uses, but never shows it.
 * @throws BowlineError `module-credential` (exit 3, or 1 when Secrets Manager or GitHub does not respond)
 */
export async function openModuleAccess(input: ModuleAccessInput): Promise<ModuleAccess> {
  const { service, from, reporter } = input;
  const { modules } = service.build;
  if (modules === undefined) {
    throw new Error(`${service.name} has no private modules`);
  }
  switch (from) {
    case 'secret':
      return { modules, ...(await secretNetrc({ ...input, modules })) };
    case 'machine': {
      const { entries, netrc } = await machineNetrc(modules);
      for (const { host, origin } of entries) {
        reporter.note(
          origin === undefined
            ? `private modules: this machine has no credential for ${host}, neither in ~/.netrc nor in git`
            : `private modules: using the credential of ${origin} for ${host}`,
        );
      }
      const origins = [...new Set(entries.flatMap(({ origin }) => origin ?? []))];
      return netrc === '' ? { modules } : { modules, netrc, origin: origins.join(' and ') };
    }
    case 'none':
      if (modules.credential === undefined) {
        return { modules };
      }
      throw badInput(
        'module-credential',
        `${service.name}: builds of pull requests have no credential for private modules, because their code is not reviewed: vendor the modules (go mod vendor)`,
      );
  }
}

/** The BuildKit secrets of a build, by ID. */
export function buildSecrets({ modules, netrc }: ModuleAccess): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {};
  if (netrc !== undefined) {
    secrets[moduleSecrets.netrc.id] = netrc;
  }
  if (modules.ca !== undefined) {
    secrets[moduleSecrets.ca.id] = modules.ca;
    secrets[moduleSecrets.gitConfig.id] = renderGitConfig(modules, moduleSecrets.ca.path);
  }
  return secrets;
}

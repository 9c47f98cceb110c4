import type { AwsApi } from '../../aws';
import type { Service } from '../../catalog';
import { badInput } from '../../errors';
import type { Reporter } from '../reporter';
import { machineNetrc } from './machine-credential';
import type { ModuleAccess } from './module-access';
import { secretNetrc } from './secret-credential';

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

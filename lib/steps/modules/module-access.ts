import type { PrivateModules } from '../../catalog';
import { moduleSecrets, renderGitConfig } from '../../image';

/** How one job downloads private modules. */
export interface ModuleAccess {
  readonly modules: PrivateModules;
  /** A netrc file. Absent if the modules need no credential, or the machine has none. */
  readonly netrc?: string;
  /** Where the credential is from, such as `the secret storefront/modules`. */
  readonly origin?: string;
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

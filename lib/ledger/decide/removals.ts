import { type LedgerPath, parseLedgerPath } from '../layout';
import { type Refusal, refuse } from './decision';

/** The names that the catalog contains. */
export interface CatalogNames {
  readonly environments: readonly { readonly name: string }[];
  readonly services: readonly { readonly environment: string; readonly name: string }[];
}

/** The removals that the user allowed on the command line. */
export interface AllowedRemovals {
  /** Services that may be removed from environments for which the catalog does not list them. */
  readonly remove: readonly string[];
  /** Environments that may be removed with everything in them. */
  readonly removeEnvironments: readonly string[];
}

/** Environments and services that the ledger contains and the catalog does not. */
export interface Removals {
  readonly environments: readonly string[];
  readonly services: readonly { readonly environment: string; readonly service: string }[];
  /** Whether a file belongs to a removed environment or service. */
  includes(file: LedgerPath): boolean;
}

/** Compares the files of the ledger with the catalog. */
export function findRemovals(paths: Iterable<string>, catalog: CatalogNames): Removals {
  const environments = new Set(catalog.environments.map((environment) => environment.name));
  const services = new Set(catalog.services.map((service) => `${service.environment}/${service.name}`));
  const removedEnvironments = new Set<string>();
  const removedServices = new Map<string, { readonly environment: string; readonly service: string }>();
  for (const path of paths) {
    const file = parseLedgerPath(path);
    if (file && !environments.has(file.environment)) {
      removedEnvironments.add(file.environment);
    }
    if (file && 'service' in file && !services.has(`${file.environment}/${file.service}`)) {
      const { environment, service } = file;
      removedServices.set(`${environment}/${service}`, { environment, service });
    }
  }
  return {
    environments: [...removedEnvironments].sort(),
    services: [...removedServices.keys()].sort().flatMap((key) => removedServices.get(key) ?? []),
    includes: (file) =>
      removedEnvironments.has(file.environment) ||
      ('service' in file && removedServices.has(`${file.environment}/${file.service}`)),
  };
}

/** Refuses removals that the user did not allow by name, and allowed removals that the catalog still contains. */
export function checkRemovals(removals: Removals, publication: CatalogNames & AllowedRemovals): Refusal | undefined {
  const stillInCatalog = [
    ...publication.remove.filter((name) => publication.services.some((service) => service.name === name)),
    ...publication.removeEnvironments.filter((name) => publication.environments.some((known) => known.name === name)),
  ].filter((name) => !removals.services.some(({ service }) => service === name));
  if (stillInCatalog.length > 0) {
    return refuse(
      'still-there',
      `the catalog still contains ${stillInCatalog.join(', ')}. Remove it from the catalog first, then run "bowline publish" with --remove.`,
    );
  }
  const environments = removals.environments.filter((name) => !publication.removeEnvironments.includes(name));
  const services = removals.services.filter(
    ({ environment, service }) => !publication.remove.includes(service) && !removals.environments.includes(environment),
  );
  if (environments.length === 0 && services.length === 0) {
    return undefined;
  }
  const serviceNames = [...new Set(services.map(({ service }) => service))];
  const descriptions = [
    ...serviceNames.map((name) => {
      const affected = services.filter(({ service }) => service === name).map(({ environment }) => environment);
      return `the service ${name} (${affected.join(', ')})`;
    }),
    ...environments.map((name) => `the environment ${name}`),
  ];
  const flags = [
    ...serviceNames.map((name) => `--remove ${name}`),
    ...environments.map((name) => `--remove-environment ${name}`),
  ];
  return refuse(
    'would-remove',
    `publishing would remove what the catalog no longer contains: ${descriptions.join(', ')}. To remove it, run "bowline publish ${flags.join(' ')}". To keep it, add it to the catalog again.`,
  );
}

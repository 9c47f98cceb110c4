import { type LedgerPath, parseLedgerPath } from '../layout';
import { type Refusal, refuse } from './decision';

/** What the catalog has, by name. */
export interface CatalogNames {
  readonly environments: readonly { readonly name: string }[];
  readonly services: readonly { readonly environment: string; readonly name: string }[];
}

/** What may go. */
export interface Removals {
  /** Services that may go from where the catalog no longer has them. */
  readonly remove: readonly string[];
  /** Environments that may go, with all that is in them. */
  readonly removeEnvironments: readonly string[];
}

/** What the ledger has and the catalog no longer has. */
export interface Removals {
  /** Environments that the catalog does not name. */
  readonly environments: readonly string[];
  readonly services: readonly { readonly environment: string; readonly service: string }[];
  /** Whether a file belongs to what is lost. */
  takes(file: LedgerPath): boolean;
}

/** Holds the ledger's files against the catalog. */
export function findRemovals(paths: Iterable<string>, catalog: CatalogNames): Removals {
  const environments = new Set(catalog.environments.map((environment) => environment.name));
  const services = new Set(catalog.services.map((service) => `${service.environment}/${service.name}`));
  const lostEnvironments = new Set<string>();
  const lostServices = new Map<string, { readonly environment: string; readonly service: string }>();
  for (const path of paths) {
    const file = parseLedgerPath(path);
    if (file && !environments.has(file.environment)) {
      lostEnvironments.add(file.environment);
    }
    if (file && 'service' in file && !services.has(`${file.environment}/${file.service}`)) {
      const { environment, service } = file;
      lostServices.set(`${environment}/${service}`, { environment, service });
    }
  }
  return {
    environments: [...lostEnvironments].sort(),
    services: [...lostServices.keys()].sort().flatMap((key) => lostServices.get(key) ?? []),
    takes: (file) =>
      lostEnvironments.has(file.environment) ||
      ('service' in file && lostServices.has(`${file.environment}/${file.service}`)),
  };
}

/** Nothing goes unless it was told to go, by name; and nothing goes that the catalog still has. */
export function checkRemovals(losses: Removals, publication: CatalogNames & Removals): Refusal | undefined {
  const kept = [
    ...publication.remove.filter((name) => publication.services.some((service) => service.name === name)),
    ...publication.removeEnvironments.filter((name) => publication.environments.some((known) => known.name === name)),
  ].filter((name) => !losses.services.some((loss) => loss.service === name));
  if (kept.length > 0) {
    return refuse(
      'still-there',
      `the catalog still has ${kept.join(', ')}: take it out of the catalog first, then publish with --remove.`,
    );
  }
  const environments = losses.environments.filter((name) => !publication.removeEnvironments.includes(name));
  const services = losses.services.filter(
    ({ environment, service }) => !publication.remove.includes(service) && !losses.environments.includes(environment),
  );
  if (environments.length === 0 && services.length === 0) {
    return undefined;
  }
  const names = [...new Set(services.map((loss) => loss.service))];
  const lines = [
    ...names.map((name) => {
      const where = services.filter((loss) => loss.service === name).map((loss) => loss.environment);
      return `the service ${name} (${where.join(', ')})`;
    }),
    ...environments.map((name) => `the environment ${name}`),
  ];
  const flags = [
    ...names.map((name) => `--remove ${name}`),
    ...environments.map((name) => `--remove-environment ${name}`),
  ];
  return refuse(
    'would-remove',
    `the ledger has what the catalog no longer has: ${lines.join(', ')}. Publishing would stop it. If it is to go: bowline publish ${flags.join(' ')}. If not, put it back into the catalog.`,
  );
}

import { InputError } from '../process/input-error';
import type { Catalog } from './catalog';
import { nearMiss } from './parse/near-miss';
import type { Environment, Platform } from './schema/platform';
import type { Service } from './schema/service';

/** The service of that name. @throws InputError that names the nearest one. */
export function requireService(catalog: Catalog, name: string): Service {
  return named('service', catalog.services, name);
}

/** The environment of that name. @throws InputError that names the nearest one. */
export function requireEnvironment(platform: Platform, name: string): Environment {
  return named('environment', platform.environments, name);
}

function named<Thing extends { readonly name: string }>(kind: string, things: readonly Thing[], name: string): Thing {
  const thing = things.find((candidate) => candidate.name === name);
  if (!thing) {
    const known = things.map((candidate) => candidate.name);
    const near = nearMiss(name, known);
    throw new InputError(
      `there is no ${kind} ${JSON.stringify(name)} in the catalog${near === undefined ? '' : `; did you mean ${near}?`} (known: ${known.join(', ') || 'none'})`,
    );
  }
  return thing;
}

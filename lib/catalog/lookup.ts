import { badInput } from '../errors';
import type { Catalog } from './catalog';
import { nearMiss } from './parse/near-miss';
import type { Environment, Platform } from './schema/platform';
import type { Service } from './schema/service';

/** @throws BowlineError `input` that suggests the nearest name, if no service has this name */
export function requireService(catalog: Catalog, name: string): Service {
  return requireNamed('service', catalog.services, name);
}

/** @throws BowlineError `input` that suggests the nearest name, if no environment has this name */
export function requireEnvironment(platform: Platform, name: string): Environment {
  return requireNamed('environment', platform.environments, name);
}

function requireNamed<Item extends { readonly name: string }>(
  kind: string,
  items: readonly Item[],
  name: string,
): Item {
  const item = items.find((candidate) => candidate.name === name);
  if (item === undefined) {
    const known = items.map((candidate) => candidate.name);
    const near = nearMiss(name, known);
    throw badInput(
      'input',
      `the catalog has no ${kind} ${JSON.stringify(name)}${near === undefined ? '' : `; did you mean ${near}?`} (known: ${known.join(', ') || 'none'})`,
    );
  }
  return item;
}

import { join } from 'node:path';
import { type Catalog, loadCatalog } from '../../../lib/catalog';
import type { ConfigurationCheck } from '../../../lib/steps';

const example = loadCatalog(join(__dirname, '../../../catalog'));

/** The example platform with services of these names. `memory` is the limit in dev. */
export function catalogOf(names: readonly string[], memory = '512Mi', team = 'storefront'): Catalog {
  const [service] = example.services;
  if (!service) {
    throw new Error('the example catalog has no service');
  }
  const environments = { dev: { memory, settings: {}, secrets: {}, files: {} } };
  return { ...example, services: names.map((name) => ({ ...service, name, team, environments })) };
}

/** Checkers without a finding: the real ones take seconds, and have their own tests. */
export const nothingFound: ConfigurationCheck = async () => [
  { ok: true, scanner: 'trivy-config', observations: [] },
  { ok: true, scanner: 'checkov', observations: [] },
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import {
  type Catalog,
  readCatalogFiles,
  requireCatalog,
  type ServiceInEnvironment,
  servicesInEnvironments,
} from '../../lib/catalog';
import { repositoryUrl } from '../git/repositories';
import type { Layout } from '../layout';
import { prometheusUrl } from '../monitoring/prometheus';

/** Folder of the lab's catalog. */
export const catalogDirectory = join(__dirname, '..', 'catalog');

/** The lab's catalog with the addresses of this lab in it. @throws CatalogError naming what is wrong with it */
export function labCatalog(layout: Layout): Catalog {
  const { services } = readCatalogFiles(catalogDirectory);
  const platform = parseDocument(readFileSync(join(catalogDirectory, 'platform.yaml'), 'utf8'));
  platform.setIn(['registry'], `127.0.0.1:${layout.ports.registry}`);
  platform.deleteIn(['ledger', 'credential']);
  platform.setIn(['delivery', 'prometheus'], prometheusUrl(layout));
  const catalog = requireCatalog({ file: 'lab/catalog/platform.yaml', text: String(platform) }, services);
  // Set after the check: a catalog takes no ledger over plain HTTP, which nothing but the lab's own bridge excuses.
  const ledger = { ...catalog.platform.ledger, repository: repositoryUrl(layout, 'ledger') };
  return { ...catalog, platform: { ...catalog.platform, ledger } };
}

/** The one service of the lab, as it is in its one environment. */
export function helloOf(catalog: Catalog): ServiceInEnvironment {
  const [service] = servicesInEnvironments(catalog);
  if (service === undefined) {
    throw new Error(`there is no service in ${catalogDirectory}`);
  }
  return service;
}

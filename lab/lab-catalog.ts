import { join } from 'node:path';
import { type Catalog, loadCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../lib/catalog';

/** Folder of the lab's catalog. Its addresses are those that the lab's layout has. */
export const catalogDirectory = join(__dirname, 'catalog');

/** The lab's catalog. @throws CatalogError naming what is wrong with it */
export function labCatalog(): Catalog {
  return loadCatalog(catalogDirectory);
}

/** The one service of the lab, as it is in its one environment. */
export function helloOf(catalog: Catalog): ServiceInEnvironment {
  const [service] = servicesInEnvironments(catalog);
  if (service === undefined) {
    throw new Error(`there is no service in ${catalogDirectory}`);
  }
  return service;
}

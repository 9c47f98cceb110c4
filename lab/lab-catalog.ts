import { join } from 'node:path';
import { type Catalog, loadCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../lib/catalog';

/** Directory of the lab's catalog. Its addresses are those of the layout. */
export const catalogDirectory = join(__dirname, 'catalog');

/** Loads the lab's catalog. @throws CatalogError with the errors of an invalid catalog */
export function labCatalog(): Catalog {
  return loadCatalog(catalogDirectory);
}

/** The lab's only service, in its only environment. */
export function helloService(catalog: Catalog): ServiceInEnvironment {
  const [service] = servicesInEnvironments(catalog);
  if (service === undefined) {
    throw new Error(`${catalogDirectory} has no service`);
  }
  return service;
}

import { join } from 'node:path';
import { type Catalog, loadCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../lib/catalog';

/** Directory of the lab's catalog. Its addresses are those of the layout. */
export const catalogDirectory = join(__dirname, 'catalog');

/** Loads the lab's catalog. @throws CatalogError with the errors of an invalid catalog */
export function labCatalog(): Catalog {
  return loadCatalog(catalogDirectory);
}

/** The services of the lab: the example of this project, and podinfo with the names of its own metrics. */
export type LabServiceName = 'hello' | 'podinfo';

/** A service of the lab, in its only environment. */
export function labService(catalog: Catalog, name: LabServiceName): ServiceInEnvironment {
  const service = servicesInEnvironments(catalog).find((each) => each.name === name);
  if (service === undefined) {
    throw new Error(`${catalogDirectory} has no service ${name}`);
  }
  return service;
}

/** The service of most scenarios. */
export function helloService(catalog: Catalog): ServiceInEnvironment {
  return labService(catalog, 'hello');
}

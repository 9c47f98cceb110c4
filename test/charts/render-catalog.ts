import { parseAllDocuments } from 'yaml';
import { renderer } from '../../charts/render';
import { type Catalog, type ServiceInEnvironment, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile, type ReleaseFile } from '../../lib/ledger';
import { releaseOf } from '../ledger/fixtures';

/** An object of a rendered file. */
export interface RenderedObject {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests read objects of every kind
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** Renders the files of a whole catalog, with a release for every service. */
export function renderCatalog(catalog: Catalog): ReadonlyMap<string, string> {
  const services = servicesInEnvironments(catalog);
  return new Map([
    ...services.flatMap((service) => [
      ...renderer.service(service, releaseOf(service.name, service.environment, 'one')),
    ]),
    ...catalog.platform.environments.flatMap((environment) => [
      ...renderer.environment(
        environmentFile(catalog.platform, environment),
        services.filter((service) => service.environment === environment.name),
      ),
    ]),
  ]);
}

/** The objects of one service. */
export function renderServiceObjects(service: ServiceInEnvironment, release: ReleaseFile): readonly RenderedObject[] {
  return parseRendered(renderer.service(service, release));
}

/** Parses the objects of rendered files. */
export function parseRendered(files: ReadonlyMap<string, string>): readonly RenderedObject[] {
  return [...files].flatMap(([file, text]) =>
    parseAllDocuments(text).map((document) => ({ file, ...(document.toJS() as Omit<RenderedObject, 'file'>) })),
  );
}

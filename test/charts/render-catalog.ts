import { parseAllDocuments } from 'yaml';
import { renderer } from '../../charts/render';
import { type Catalog, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile } from '../../lib/ledger';
import { releaseOf } from '../ledger/fixtures';

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
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into objects of every kind
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
}

/** The files of a whole catalog with every service released. */
export function renderedFiles(catalog: Catalog): ReadonlyMap<string, string> {
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

export function objectsIn(files: ReadonlyMap<string, string>): readonly RenderedObject[] {
  return [...files].flatMap(([file, text]) =>
    parseAllDocuments(text).map((document) => ({ file, ...(document.toJS() as Omit<RenderedObject, 'file'>) })),
  );
}

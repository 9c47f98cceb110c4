/** Identifies the file of a finding, so that one accepted risk applies to every environment. */
export interface ConfigurationPlace {
  /** `Dockerfile`, `deployment.yaml`, `apps/hello.yaml`, `platform/namespaces.yaml`. */
  readonly package: string;
  /** The environment, if the file belongs to one. */
  readonly environment?: string;
}

/** The place of a checked file, by its path in the ledger or its name. */
export function placeOf(path: string): ConfigurationPlace {
  const [folder, environment, ...rest] = path.split('/');
  const name = rest.at(-1);
  if (name === undefined || environment === undefined || !['manifests', 'apps', 'platform'].includes(folder ?? '')) {
    return { package: path };
  }
  return { package: folder === 'manifests' ? name : `${folder}/${name}`, environment };
}

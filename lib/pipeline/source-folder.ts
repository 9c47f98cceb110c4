import type { Service } from '../catalog';

/** The folder of a service in a repository of many, without dots and slashes around it; none where it is the repository. */
export function sourceFolder(service: Service): string | undefined {
  const folder = service.source.directory.replace(/^\.\//, '').replace(/\/$/, '');
  return folder === '.' ? undefined : folder;
}

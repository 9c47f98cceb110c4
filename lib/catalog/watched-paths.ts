import type { Service } from './schema/service';

/** A folder or a file, relative to the root of the repository. A change to it releases the service. */
export interface WatchedPath {
  readonly kind: 'folder' | 'file';
  /** Without a leading `./` and without leading or trailing slashes. */
  readonly path: string;
}

/** The number of patterns that CodePipeline accepts in one filter. */
export const maxWatchedPaths = 8;

/**
 * The paths that release a service: its folder and `source.paths`. If the module is at the root of the repository, its go.mod and go.sum
 * take the place of the folder. A path inside another one is omitted. An empty list means that every commit releases the service.
 */
export function watchedPaths({
  source,
}: {
  readonly source: Pick<Service['source'], 'directory' | 'paths'>;
}): readonly WatchedPath[] {
  const module = parseWatchedPath(`${source.directory}/`);
  const moduleAtRoot = module.path === '.';
  const modulePaths: readonly WatchedPath[] = moduleAtRoot
    ? [
        { kind: 'file', path: 'go.mod' },
        { kind: 'file', path: 'go.sum' },
      ]
    : [module];
  const listedPaths = source.paths.map(parseWatchedPath);
  if ((moduleAtRoot && listedPaths.length === 0) || listedPaths.some(({ path }) => path === '.')) {
    return [];
  }
  const paths = [...modulePaths, ...listedPaths];
  return paths.filter(
    (candidate, index) =>
      !paths.some((other) => isInside(candidate.path, other)) &&
      paths.findIndex((other) => other.path === candidate.path && other.kind === candidate.kind) === index,
  );
}

function isInside(path: string, folder: WatchedPath): boolean {
  return folder.kind === 'folder' && path.startsWith(`${folder.path}/`);
}

/** A trailing slash marks a folder. Without one, a name that contains a dot is a file. */
function parseWatchedPath(text: string): WatchedPath {
  const path = text.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '') || '.';
  const isFile = path !== '.' && !text.endsWith('/') && (path.split('/').pop() ?? '').includes('.');
  return { kind: isFile ? 'file' : 'folder', path };
}

import type { Service } from './schema/service';

/** A folder or a file of the repository, from its root, whose changes release a service. */
export interface WatchedPath {
  readonly kind: 'folder' | 'file';
  /** Without `./` and slashes around it. */
  readonly path: string;
}

/** CodePipeline takes as many patterns in one filter. */
export const maxWatchedPaths = 8;

/**
 * What of its repository releases a service: its folder and `source.paths`; where the module is the whole repository, its go.mod and go.sum
 * beside them. Paths inside of others are left out. Empty: every commit.
 */
export function watchedPaths({
  source,
}: {
  readonly source: Pick<Service['source'], 'directory' | 'paths'>;
}): readonly WatchedPath[] {
  const module = parseWatchedPath(`${source.directory}/`);
  const own: readonly WatchedPath[] =
    module.path !== '.'
      ? [module]
      : [
          { kind: 'file', path: 'go.mod' },
          { kind: 'file', path: 'go.sum' },
        ];
  const more = source.paths.map(parseWatchedPath);
  if ((module.path === '.' && more.length === 0) || more.some(({ path }) => path === '.')) {
    return [];
  }
  const all = [...own, ...more];
  const inside = (path: string, folder: WatchedPath) => folder.kind === 'folder' && path.startsWith(`${folder.path}/`);
  return all.filter(
    (one, index) =>
      !all.some((other) => inside(one.path, other)) &&
      all.findIndex((other) => other.path === one.path && other.kind === one.kind) === index,
  );
}

/** A final slash says folder; without one, a name with a dot in it is a file. */
function parseWatchedPath(text: string): WatchedPath {
  const path = text.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '') || '.';
  const isFile = path !== '.' && !text.endsWith('/') && (path.split('/').pop() ?? '').includes('.');
  return { kind: isFile ? 'file' : 'folder', path };
}

import { type Platform, type Service, watchedPaths } from '../../catalog';
import type { SourceFacts } from './facts';
import { buildLayout, isBelow } from './layout';

/**
 * The files and folders that the build of a service reads and whose changes release nothing, because neither `source.directory` nor
 * `source.paths` contains them. CodeCommit starts a release for every commit. In the form of `source.paths`: a folder with a dot in its name ends with "/".
 */
export function unwatchedPaths(
  { source }: Pick<Platform, 'source'>,
  service: Service,
  facts: SourceFacts,
): readonly string[] {
  const watched = watchedPaths(service);
  const layout = buildLayout(facts);
  if (source.kind === 'codecommit' || watched.length === 0 || layout.moduleOnly) {
    return [];
  }
  const folders = facts.localModules
    .filter(({ needed, kind }) => needed && kind !== 'main')
    .map(({ directory }) => directory);
  const workspace = layout.workspace && facts.workspace !== undefined ? [facts.workspace.file] : [];
  const sums = layout.workspace && facts.workspace?.hasSum ? [`${facts.workspace.file}.sum`] : [];
  const isWatched = (path: string) =>
    watched.some((folder) => (folder.kind === 'folder' ? isBelow(path, folder.path) : folder.path === path));
  return [
    ...[...workspace, ...sums].filter((path) => !isWatched(path)),
    ...folders
      .filter((path) => !isWatched(path))
      .map((path) => ((path.split('/').pop() ?? '').includes('.') ? `${path}/` : path)),
  ];
}

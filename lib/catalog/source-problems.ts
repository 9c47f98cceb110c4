import type { Platform } from './platform-schema';
import type { CatalogProblem } from './problem';
import type { Service } from './service-schema';
import { mostWatchedPaths, watchedPaths } from './watched-paths';

/** What can't be right of where a service's source is, and of what releases it. @param wrong makes a problem at a place of the service's file */
export function sourceProblems(
  service: Service,
  platform: Platform | undefined,
  wrong: (code: string, path: readonly PropertyKey[], found: unknown, expected: string) => CatalogProblem,
): readonly CatalogProblem[] {
  const { repository, paths } = service.source;
  const problems: CatalogProblem[] = [];
  const parts = repository.split('/').length;
  const { kind, provider } = platform?.source ?? { kind: 'connection', provider: 'gitlab' };
  if (kind === 'codecommit' ? parts > 1 : parts < 2 || (parts > 2 && provider !== 'gitlab')) {
    const expected = kind === 'codecommit' ? 'the name of a CodeCommit repository alone' : 'owner/repository';
    problems.push(wrong('bad-repository', ['source', 'repository'], repository, expected));
  }
  if (kind === 'codecommit' && paths.length > 0) {
    problems.push(
      wrong(
        'paths-without-events',
        ['source', 'paths'],
        paths,
        "none: CodeCommit's events name no files, so that every push to the branch releases (a commit that changes nothing of the service builds nothing new)",
      ),
    );
  }
  const watched = watchedPaths(service);
  if (kind !== 'codecommit' && watched.length > mostWatchedPaths) {
    problems.push(
      wrong(
        'too-many-paths',
        ['source', 'paths'],
        paths,
        `at most ${mostWatchedPaths} with the service's own (they are ${watched.map(({ path }) => path).join(', ')}): CodePipeline takes ${mostWatchedPaths} patterns in a filter. Name a folder that holds several of them: a commit that changes nothing of the service builds nothing new`,
      ),
    );
  }
  return problems;
}

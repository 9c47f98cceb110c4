import type { PartiallyParsed } from '../parse/partial-parse';
import type { Service } from '../schema/service';
import { maxWatchedPaths, watchedPaths } from '../watched-paths';
import type { PlatformConstraints } from './constraints';
import type { Finding } from './finding';

/** What can't be right of where a service's source is, and of what releases it. */
export function validateSource(
  { source }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  if (source === undefined || constraints.source === undefined) {
    return [];
  }
  const { kind, provider } = constraints.source;
  const findings: Finding[] = [];
  const { repository, directory = '.', paths: listed = [] } = source;
  const paths = listed.filter((path) => path !== undefined);
  const parts = repository?.split('/').length;
  if (parts !== undefined && (kind === 'codecommit' ? parts > 1 : parts < 2 || (parts > 2 && provider !== 'gitlab'))) {
    findings.push({
      code: 'bad-repository',
      path: ['source', 'repository'],
      expected: kind === 'codecommit' ? 'the name of a CodeCommit repository alone' : 'owner/repository',
    });
  }
  if (kind === 'codecommit' && paths.length > 0) {
    findings.push({
      code: 'paths-without-events',
      path: ['source', 'paths'],
      expected:
        "none: CodeCommit's events name no files, so that every push to the branch releases (a commit that changes nothing of the service builds nothing new)",
    });
  }
  const parseWatchedPath = watchedPaths({ source: { directory, paths } });
  if (kind !== 'codecommit' && parseWatchedPath.length > maxWatchedPaths) {
    findings.push({
      code: 'too-many-paths',
      path: ['source', 'paths'],
      expected: `at most ${maxWatchedPaths} with the service's own (they are ${parseWatchedPath.map(({ path }) => path).join(', ')}): CodePipeline takes ${maxWatchedPaths} patterns in a filter. Name a folder that holds several of them: a commit that changes nothing of the service builds nothing new`,
      dependsOn: [['source', 'directory']],
    });
  }
  return findings;
}

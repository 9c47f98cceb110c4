import type { Path } from '../../parse/field-path';
import type { PartiallyParsed } from '../../parse/partial-parse';
import type { Service } from '../../schema/service';
import { maxWatchedPaths, watchedPaths } from '../../watched-paths';
import type { PlatformConstraints } from '../constraints';
import type { Finding } from '../finding';

/** Checks the source of a service against the git host of the platform. */
export function validateSource(
  { source }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  if (source === undefined) {
    return [];
  }
  const findings: Finding[] = [...findUnreadSubmodules(source)];
  if (constraints.source === undefined) {
    return findings;
  }
  const { kind, provider } = constraints.source;
  const { repository, directory = '.', paths: partialPaths = [] } = source;
  const paths = partialPaths.filter((path) => path !== undefined);
  const repositories: readonly (readonly [Path, string | undefined])[] = [
    [['source', 'repository'], repository],
    ...(source.submodules ?? []).map((submodule, index) => [['source', 'submodules', index], submodule] as const),
  ];
  for (const [path, name] of repositories) {
    const parts = name?.split('/').length;
    if (
      parts !== undefined &&
      (kind === 'codecommit' ? parts > 1 : parts < 2 || (parts > 2 && provider !== 'gitlab'))
    ) {
      findings.push({
        code: 'bad-repository',
        path,
        expected: kind === 'codecommit' ? 'only the name of a CodeCommit repository' : 'owner/repository',
      });
    }
  }
  if (kind === 'codecommit' && paths.length > 0) {
    findings.push({
      code: 'paths-without-events',
      path: ['source', 'paths'],
      expected:
        'no paths: CodeCommit events do not list files, so every push to the branch starts a release (a commit that does not change the service produces no new image)',
    });
  }
  const watched = watchedPaths({ source: { directory, paths } });
  if (kind !== 'codecommit' && watched.length > maxWatchedPaths) {
    findings.push({
      code: 'too-many-paths',
      path: ['source', 'paths'],
      expected: `at most ${maxWatchedPaths} paths including those of the service itself (they are ${watched.map(({ path }) => path).join(', ')}): CodePipeline accepts ${maxWatchedPaths} patterns per filter. List a common parent folder instead: a commit that does not change the service produces no new image`,
      dependsOn: [['source', 'directory']],
    });
  }
  return findings;
}

/** A permission that nothing uses is an error, so that nobody takes it for the cause of a complete source. */
function findUnreadSubmodules({
  clone,
  submodules = [],
}: NonNullable<PartiallyParsed<Service>['source']>): readonly Finding[] {
  return clone === 'archive' && submodules.length > 0
    ? [
        {
          code: 'submodules-without-clone',
          path: ['source', 'submodules'],
          expected: 'source.clone: full, without which the pipeline has no submodules, or no repositories',
          dependsOn: [['source', 'clone']],
        },
      ]
    : [];
}

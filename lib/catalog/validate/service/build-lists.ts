import type { Path } from '../../parse/field-path';
import type { PartiallyParsed } from '../../parse/partial-parse';
import type { Service } from '../../schema/service';
import { findDuplicates } from '../duplicates';
import type { Finding } from '../finding';

type Build = NonNullable<PartiallyParsed<Service>['build']>;

/** Finds entries of the lists of `build` that occur twice, however they are written, or that contradict another one. */
export function validateBuildLists(build: Build): readonly Finding[] {
  const { experiment = [], tags = [], include = [], files = [], linkFlags = [], modules } = build;
  return [
    ...duplicatesIn(['build', 'experiment'], experiment, 'experiment'),
    ...findContradictingExperiments(experiment),
    ...duplicatesIn(['build', 'tags'], tags, 'build tag'),
    ...duplicatesIn(['build', 'include'], include.map(plainPath), 'path'),
    ...duplicatesIn(['build', 'files'], files.map(plainPath), 'path'),
    ...duplicatesIn(['build', 'linkFlags'], linkFlags, 'linker flag'),
    ...duplicatesIn(['build', 'modules', 'private'], modules?.private ?? [], 'pattern'),
    ...findUnusedLevel(build),
  ];
}

function duplicatesIn(path: Path, values: readonly (string | undefined)[], what: string): readonly Finding[] {
  return findDuplicates(values).map((index) => ({
    code: 'duplicate-entry',
    path: [...path, index],
    expected: `each ${what} only once: it is entry ${values.indexOf(values[index])} of ${path.join('.')} already`,
  }));
}

/** `a`, `a/` and `./a` are one path. */
function plainPath(path: string | undefined): string | undefined {
  return path?.replace(/^\.\/(?=.)/, '').replace(/(?<=.)\/$/, '');
}

function findContradictingExperiments(experiments: readonly (string | undefined)[]): readonly Finding[] {
  return experiments.flatMap((experiment, index): readonly Finding[] => {
    const other = experiments
      .slice(0, index)
      .find((each) => each !== undefined && (each === `no${experiment}` || experiment === `no${each}`));
    return other === undefined
      ? []
      : [
          {
            code: 'contradicting-experiment',
            path: ['build', 'experiment', index],
            expected: `either ${experiment} or ${other}: one of them turns the other off`,
          },
        ];
  });
}

/** A level that no target has is an error, so that nobody takes it for the cause of faster code. */
function findUnusedLevel({ amd64, platforms, binaries = [] }: Build): readonly Finding[] {
  const targets = [...(platforms ?? []), ...binaries];
  return amd64 === undefined ||
    platforms === undefined ||
    targets.some((target) => target?.endsWith('/amd64') !== false)
    ? []
    : [
        {
          code: 'amd64-without-platform',
          path: ['build', 'amd64'],
          expected: 'no level, or linux/amd64 in build.platforms: no target of this build is of amd64',
          dependsOn: [
            ['build', 'platforms'],
            ['build', 'binaries'],
          ],
        },
      ];
}

import type { Service } from '../../catalog';
import type { SourceFacts } from './facts';
import { buildLayout, includedPaths, isBelow, joinPaths, pathBelow } from './layout';
import { isExcluded } from './secret-filter';
import type { SourceFault } from './source-fault';

/** Checks the `//go:embed` patterns: each matches, and the build context contains every file that it matches. */
export function checkEmbeds(service: Service, facts: SourceFacts): SourceFault | undefined {
  const refused = facts.embeds.filter(({ error }) => error !== undefined);
  if (refused.length > 0) {
    const lines = refused.map(({ positions, pattern, error }) => `  ${positions[0]}: pattern ${pattern}: ${error}`);
    return {
      code: 'does-not-compile',
      message: [
        'the source embeds files that the go command does not find or refuses. A file that exists on your machine may not be in git:',
        ...lines,
      ].join('\n'),
    };
  }
  const { root } = buildLayout(facts);
  const lost = new Map<string, string>();
  for (const { files, pattern, positions } of facts.embeds.filter(({ vendored }) => !vendored)) {
    for (const file of files) {
      if (isExcluded(pathBelow(root, file)) && !isIncluded(service, facts, file)) {
        lost.set(file, `${positions[0]}: pattern ${pattern}`);
      }
    }
  }
  if (lost.size === 0) {
    return undefined;
  }
  return {
    code: 'recipe',
    message: [
      'the program embeds files that the build context leaves out, because their names are those of keys, credentials, settings or logs. The image would not contain the program that go build makes:',
      ...shorten([...lost].map(([file, place]) => `  ${file} (${place})`)),
      `If everybody who can pull the image may read them, set build.include: [${shorten([...lost.keys()].map((file) => fromModule(facts, file))).join(', ')}]. Otherwise, move them out of the pattern.`,
    ].join('\n'),
  };
}

/** Checks that `build.files` exist, are files, and contain no secrets. */
export function checkListedFiles(service: Service, facts: SourceFacts): SourceFault | undefined {
  const { build } = service;
  const { root } = buildLayout(facts);
  for (const path of build.files) {
    const listed = facts.paths.find((candidate) => candidate.path === path);
    if (listed === undefined) {
      continue;
    }
    if (listed.kind === 'missing' || listed.kind === 'other' || listed.files.length === 0) {
      const found = { missing: 'does not exist', other: 'is a link', file: 'is empty', folder: 'contains no files' };
      return {
        code: 'recipe',
        message: `build.files lists ${path}, which ${found[listed.kind]} in ${facts.module?.directory ?? '.'}: correct the path, or commit the files`,
      };
    }
    const secrets = listed.files.filter(
      (file) =>
        isExcluded(pathBelow(root, file)) &&
        !build.files.some((exact) => joinPaths(facts.module?.directory ?? '.', exact) === file) &&
        !isIncluded(service, facts, file),
    );
    if (secrets.length > 0) {
      return {
        code: 'recipe',
        message: [
          `build.files lists ${path}, and the names of these files in it are those of keys, credentials, settings or logs, which an image must not contain:`,
          ...shorten(secrets.map((file) => `  ${file}`)),
          'Move them, or list narrower paths. If everybody who can pull the image may read them, list each of them in build.files.',
        ].join('\n'),
      };
    }
  }
  return undefined;
}

/** Refuses pointers of Git LFS: any bytes compile, and the image would contain the pointer. */
export function checkPointers(service: Service, { lfsPointers }: SourceFacts): SourceFault | undefined {
  return lfsPointers.length === 0
    ? undefined
    : {
        code: 'recipe',
        message: [
          'the build reads files that are pointers of Git LFS, and the source does not contain the content:',
          ...shorten(lfsPointers.map((file) => `  ${file}`)),
          lfsRemedy(service),
        ].join('\n'),
      };
}

/** How a service gets files that are in Git LFS. */
export function lfsRemedy({ source }: Service): string {
  const other =
    'commit the content to git itself (git lfs untrack, then git add --renormalize), or let the program fetch it at run time.';
  return source.clone === 'full'
    ? `On your machine, run git lfs pull. In a pipeline, deploy it again: its source is still an archive. Otherwise, ${other}`
    : `Set source.clone: full, and deploy the pipeline, which then fetches the content. Otherwise, ${other}`;
}

/** Whether `build.include` names a file, or a folder above it. */
function isIncluded({ build }: Service, facts: SourceFacts, file: string): boolean {
  return build.include.some((path) => includedPaths(facts, path).some((included) => isBelow(file, included)));
}

/** A path as `build.include` has it. Files of other modules keep their path in the repository. */
function fromModule(facts: SourceFacts, file: string): string {
  const directory = facts.module?.directory ?? '.';
  return isBelow(file, directory) ? pathBelow(directory, file) : file;
}

/** More lines hide the remedy. */
const maxLines = 20;

function shorten(lines: readonly string[]): readonly string[] {
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines), `… and ${lines.length - maxLines} more`];
}

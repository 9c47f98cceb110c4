import { allow } from '../source/context';
import type { SourceFacts } from '../source/facts';
import { type BuildLayout, isBelow, pathBelow } from '../source/layout';
import { excludedNames } from '../source/secret-filter';

export interface TestContextInputs {
  readonly facts: SourceFacts;
  readonly layout: BuildLayout;
  /** The patterns of the context of the image. */
  readonly dockerignore: string;
}

/**
 * Renders the `.dockerignore` of the tests: the context of the image, and everything else in the modules that the program needs, because tests read
 * files of any kind. Names that usually are secrets stay out, except below `testdata`, where the go command expects what is made for tests.
 */
export function renderTestDockerignore({ facts, layout, dockerignore }: TestContextInputs): string {
  const modules = layout.moduleOnly
    ? ['.']
    : facts.localModules.filter(({ needed }) => needed).map(({ directory }) => pathBelow(layout.root, directory));
  const nested = facts.modules
    .map(({ directory }) => directory)
    .filter((directory) => isBelow(directory, layout.root))
    .map((directory) => pathBelow(layout.root, directory))
    .filter((folder) => folder !== '.' && !modules.includes(folder));
  return `${[
    dockerignore.trimEnd(),
    '# The tests: all files of the modules, but no secrets.',
    ...modules.map((folder) => (folder === '.' ? '!**' : `${allow(folder)}`)),
    // A module inside of another one has tests of its own.
    ...nested.map((folder) => allow(folder).slice(1)),
    ...nested.flatMap((folder) => [allow(`${folder}/go.mod`), allow(`${folder}/go.sum`)]),
    ...excludedNames.map((name) => `**/${name}`),
    // Each file: a folder that is in the context already is not looked at again (moby/patternmatcher, MatchesUsingParentResults).
    '!**/testdata/**',
    ...['.git', 'node_modules'].map((name) => `**/${name}`),
    ...dockerignore.split('\n').filter((line) => line.startsWith('!') && !/[*]/.test(line)),
  ].join('\n')}\n`;
}

import type { Service } from '../../catalog';
import type { SourceFacts } from './facts';
import { type BuildLayout, includedPaths, isBelow, joinPaths, pathBelow } from './layout';
import { excludedNames } from './secret-filter';

/** Files that Go compiles and links without cgo: the assembler includes headers, the linker accepts objects (https://pkg.go.dev/go/build#Package). */
const goSources = ['go', 's', 'h', 'syso'] as const;
const cgoSources = ['c', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx', 'S', 'm', 'a', 'f', 'F', 'for', 'f90'] as const;

export interface ContextInputs {
  readonly service: Service;
  readonly facts: SourceFacts;
  readonly layout: BuildLayout;
}

/**
 * Renders `.dockerignore` as an allow-list: exclude everything, include what the compiler reads, exclude secrets again, and then include the
 * files that the program embeds: `checkSource` has refused those that could be secrets.
 * The last matching pattern wins (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function renderDockerignore(inputs: ContextInputs): string {
  const { service, facts, layout } = inputs;
  const inContext = (path: string) => pathBelow(layout.root, path);
  return `${[
    '# Allow-list: the build context contains only the files that match these patterns.',
    '**',
    ...modulePatterns(inputs),
    ...vendorPatterns(inputs),
    ...facts.links
      .filter(({ target }) => target !== '')
      .flatMap(({ path, target }) => [path, target])
      .map((path) => allow(inContext(path))),
    ...[...excludedNames, '*_test.go'].map((name) => `**/${name}`),
    ...sortedSet(facts.embeds.flatMap(({ cover }) => cover.map((path) => allow(inContext(path))))),
    ...service.build.include.flatMap((path) => includedPaths(facts, path)).map((path) => allow(inContext(path))),
    ...service.build.files.map((path) => allow(joinPaths(layout.module, path))),
  ].join('\n')}\n`;
}

/** The sources of the module, or of all modules that the program needs. Of the others, the go command reads only go.mod and go.sum. */
function modulePatterns({ service, facts, layout }: ContextInputs): readonly string[] {
  if (layout.moduleOnly) {
    return sortedSet(['!go.mod', '!go.sum', '!**/go.mod', '!**/go.sum', ...sourcePatterns(service)]);
  }
  const local = new Map(facts.localModules.map((module) => [module.directory, module]));
  const needed = facts.localModules.filter((module) => module.needed);
  const nested = facts.modules.filter(
    ({ directory }) =>
      !local.has(directory) &&
      needed.some((module) => module.directory !== directory && isBelow(directory, module.directory)),
  );
  // Outer modules first, because the last matching pattern wins.
  const folders = [...local.keys(), ...nested.map(({ directory }) => directory)].sort(
    (a, b) => depth(a) - depth(b) || (a < b ? -1 : 1),
  );
  const workspace = layout.workspace && facts.workspace !== undefined ? facts.workspace.file : undefined;
  return [
    ...(workspace === undefined ? [] : [allow(workspace), allow(`${workspace}.sum`)]),
    ...folders.flatMap((folder) => {
      const module = local.get(folder);
      const files = module === undefined ? [] : ['go.mod', 'go.sum'].map((file) => allow(joinPaths(folder, file)));
      return module?.needed
        ? [...files, ...sourcePatterns(service).map((pattern) => allow(joinPaths(folder, pattern.slice(1)), false))]
        : [...(folder === '.' ? [] : [escapePattern(folder)]), ...files];
    }),
  ];
}

function sourcePatterns({ build }: Service): readonly string[] {
  const extensions = [...goSources, ...(build.cgo ? cgoSources : [])];
  return ['!**/default.pgo', ...extensions.map((extension) => `!**/*.${extension}`)];
}

function vendorPatterns({ facts, layout }: ContextInputs): readonly string[] {
  const folders = layout.moduleOnly
    ? ['vendor']
    : facts.localModules.map(({ directory }) => joinPaths(pathBelow(layout.root, directory), 'vendor'));
  const used = facts.vendor === undefined ? undefined : pathBelow(layout.root, facts.vendor.directory);
  return [
    ...folders.filter((folder) => folder !== used).map((folder) => escapePattern(folder)),
    ...(used === undefined ? [] : [allow(used)]),
  ];
}

/** @param literal whether the path is a name rather than a pattern */
export function allow(path: string, literal = true): string {
  return `!${literal ? escapePattern(path) : path}`;
}

/** Escapes the characters that patterns give a meaning to (https://pkg.go.dev/path/filepath#Match, moby/patternmatcher). */
function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]^]/g, '\\$&');
}

function depth(folder: string): number {
  return folder === '.' ? 0 : folder.split('/').length;
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

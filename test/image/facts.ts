import type { SourceFacts } from '../../lib/image';

/** The facts about a module in the root of its repository, with one requirement and without embedded files. */
const defaultFacts: SourceFacts = {
  version: 1,
  modules: [{ directory: '.', path: 'example.com/shop' }],
  module: { path: 'example.com/shop', directory: '.', go: '1.26', hasSum: true },
  requirements: [{ path: 'golang.org/x/net', version: 'v0.33.0', indirect: false, local: false }],
  replacements: [],
  mode: 'module',
  localModules: [{ path: 'example.com/shop', directory: '.', go: '1.26', kind: 'main', hasSum: true, needed: true }],
  main: { directory: '.', kind: 'program', name: 'main', targets: ['linux/amd64', 'linux/arm64'] },
  candidates: ['.'],
  packages: [],
  imports: [],
  embeds: [],
  cgo: [],
  links: [],
  paths: [],
  lfsPointers: [],
  emptySubmodules: [],
  problems: [],
};

export function factsWith(changes: Partial<SourceFacts> = {}): SourceFacts {
  return { ...defaultFacts, ...changes };
}

export const vendored: Partial<SourceFacts> = { mode: 'vendor', vendor: { directory: 'vendor', problems: [] } };

/** A pattern of a package that matches files. */
export function embed(
  directory: string,
  pattern: string,
  files: readonly string[],
  changes: Partial<SourceFacts['embeds'][number]> = {},
): SourceFacts['embeds'][number] {
  return {
    directory,
    vendored: false,
    pattern,
    positions: [`${directory === '.' ? '' : `${directory}/`}embed.go:5:12`],
    files: [...files],
    cover: [...files],
    targets: ['linux/amd64'],
    ...changes,
  };
}

/** The facts about services/billing in a workspace of two libraries, of which the program imports one. */
export const workspace: Partial<SourceFacts> = {
  modules: ['libs/money', 'libs/unused', 'services/billing'].map((directory) => ({
    directory,
    path: `example.com/${directory}`,
  })),
  module: { path: 'example.com/billing', directory: 'services/billing', go: '1.26', hasSum: true },
  workspace: {
    file: 'go.work',
    directory: '.',
    go: '1.26',
    hasSum: true,
    uses: ['libs/money', 'libs/unused', 'services/billing'],
    usesModule: true,
  },
  mode: 'workspace',
  localModules: [
    {
      path: 'example.com/billing',
      directory: 'services/billing',
      go: '1.26',
      kind: 'main',
      hasSum: true,
      needed: true,
    },
    { path: 'example.com/money', directory: 'libs/money', go: '1.26', kind: 'workspace', hasSum: false, needed: true },
    {
      path: 'example.com/unused',
      directory: 'libs/unused',
      go: '1.26',
      kind: 'workspace',
      hasSum: false,
      needed: false,
    },
  ],
};

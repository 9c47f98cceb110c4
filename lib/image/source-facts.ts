/** What a recipe needs to know of a checkout: read once at the border (`lib/steps/read-source.ts`), decided upon here. */
export interface SourceFacts {
  /** Text of go.mod in the source directory. */
  readonly goMod: string;
  readonly hasGoSum: boolean;
  readonly hasVendor: boolean;
  /** Folders of packages, of the module and vendored ones, from the source directory, and the `//go:embed` patterns of each. */
  readonly embeds: readonly { readonly directory: string; readonly patterns: readonly string[] }[];
}

/**
 * The patterns of all `//go:embed` directives of a Go file.
 * Grammar: https://pkg.go.dev/embed (space separated, or Go string literals; `all:` takes dotfiles too).
 */
export function embedPatterns(goSource: string): readonly string[] {
  return [...goSource.matchAll(/^\/\/go:embed[ \t]+(.+)$/gm)].flatMap(([, rest = '']) =>
    [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g)].map(
      ([, quoted, raw, bare]) => quoted ?? raw ?? bare ?? '',
    ),
  );
}

/** Directories of `replace … => ./path` in a go.mod: modules of the same source, whose go.mod the download needs too. */
export function localReplacements(goMod: string): readonly string[] {
  return [...goMod.matchAll(/^(?:\s*replace)?\s*\S+(?:\s+v\S+)?\s*=>\s*(\.{1,2}\/\S*|\.{1,2})\s*(?:\/\/.*)?$/gm)].map(
    ([, path = '']) => path,
  );
}

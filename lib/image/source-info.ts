/** What the recipe needs to know about a checkout. `lib/steps/read-source.ts` reads it. */
export interface SourceInfo {
  /** The text of go.mod in the source directory. */
  readonly goMod: string;
  readonly hasGoSum: boolean;
  readonly hasVendor: boolean;
  /** The `//go:embed` patterns of each package of the module and of its vendor folder. Directories are relative to the source directory. */
  readonly embeds: readonly { readonly directory: string; readonly patterns: readonly string[] }[];
}

/**
 * Parses the patterns of all `//go:embed` directives of a Go file.
 * Grammar: https://pkg.go.dev/embed (separated by spaces, or Go string literals; `all:` includes dotfiles).
 */
export function parseEmbedPatterns(goSource: string): readonly string[] {
  return [...goSource.matchAll(/^\/\/go:embed[ \t]+(.+)$/gm)].flatMap(([, rest = '']) =>
    [...rest.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|(\S+)/g)].map(
      ([, quoted, raw, bare]) => quoted ?? raw ?? bare ?? '',
    ),
  );
}

/** Parses the directories of `replace … => ./path` in a go.mod. The download step needs the go.mod of these modules too. */
export function parseLocalReplacements(goMod: string): readonly string[] {
  return [...goMod.matchAll(/^(?:\s*replace)?\s*\S+(?:\s+v\S+)?\s*=>\s*(\.{1,2}\/\S*|\.{1,2})\s*(?:\/\/.*)?$/gm)].map(
    ([, path = '']) => path,
  );
}

/** The ledger at one commit. Decisions are based on a snapshot. */
export interface Snapshot {
  /** Undefined if the repository has no commits. */
  readonly commit: string | undefined;
  /** Texts by path, only for the paths that were read. */
  readonly files: ReadonlyMap<string, string>;
}

/** The files that match a predicate, sorted by path. */
export function selectFiles(
  files: ReadonlyMap<string, string>,
  matches: (path: string) => boolean,
): ReadonlyMap<string, string> {
  return new Map([...files].filter(([path]) => matches(path)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

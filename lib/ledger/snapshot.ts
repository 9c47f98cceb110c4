/** The ledger as it stood at one commit: what a judgement is made on. */
export interface Snapshot {
  /** Undefined in a repository that has no commit yet. */
  readonly commit: string | undefined;
  /** Texts by path, of the part of the ledger that was asked for. */
  readonly files: ReadonlyMap<string, string>;
}

/** The files of a snapshot that a predicate wants, in order of path. */
export function filesWhere(
  files: ReadonlyMap<string, string>,
  wanted: (path: string) => boolean,
): ReadonlyMap<string, string> {
  return new Map([...files].filter(([path]) => wanted(path)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

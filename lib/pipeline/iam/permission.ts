/** One thing that a role may do. `id` says what for: it is the statement's Sid, and what `bowline explain permissions` prints. */
export interface Permission {
  /** Letters and digits alone. */
  readonly id: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource with a wildcard in it can't be named more exactly. */
  readonly wildcard?: string;
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The resources of a permission that are not named exactly. */
export function findWildcards({ resources }: Permission): readonly string[] {
  return resources.filter((resource) => /[*?]/.test(resource));
}

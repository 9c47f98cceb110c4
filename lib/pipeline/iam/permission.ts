/** One permission of a role. Becomes one IAM statement, and one row of `bowline explain permissions`. */
export interface Permission {
  /** Purpose of the permission, and the Sid of the statement: letters and digits only. */
  readonly id: string;
  /** IAM actions, as `service:Action`. */
  readonly actions: readonly string[];
  /** ARNs. */
  readonly resources: readonly string[];
  /** Why a resource needs a wildcard. Required if a resource has one. */
  readonly wildcard?: string;
  readonly conditions?: PermissionConditions;
}

/** Values by IAM condition operator and condition key. */
export type PermissionConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Returns the resources of a permission that contain a wildcard. */
export function findWildcards({ resources }: Permission): readonly string[] {
  return resources.filter((resource) => /[*?]/.test(resource));
}

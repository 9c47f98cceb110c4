import { aws_iam as iam } from 'aws-cdk-lib';

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

/** The IAM statement of a permission. @throws Error for a wildcard without its reason */
export function statementOf(permission: Permission): iam.PolicyStatement {
  if (permission.wildcard === undefined && wildcardsOf(permission).length > 0) {
    throw new Error(
      `the permission ${permission.id} has the wildcard ${wildcardsOf(permission)[0]} and no reason for it`,
    );
  }
  return new iam.PolicyStatement({
    sid: permission.id,
    actions: [...permission.actions],
    resources: [...permission.resources],
    ...(permission.conditions === undefined ? {} : { conditions: permission.conditions }),
  });
}

/** The resources of a permission that are not named exactly. */
export function wildcardsOf({ resources }: Permission): readonly string[] {
  return resources.filter((resource) => resource.includes('*'));
}

/** A policy of nothing but these permissions. */
export function policyOf(permissions: readonly Permission[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: permissions.map(statementOf), minimize: false });
}

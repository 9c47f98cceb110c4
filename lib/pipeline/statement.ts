import { aws_iam as iam } from 'aws-cdk-lib';

/** One thing that a role may do. `id` says what for: it is the statement's Sid, and what `bowline explain permissions` prints. */
export interface Permission {
  /** Letters and digits alone. */
  readonly id: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The IAM statement of a permission. */
export function statementOf(permission: Permission): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: permission.id,
    actions: [...permission.actions],
    resources: [...permission.resources],
    ...(permission.conditions === undefined ? {} : { conditions: permission.conditions }),
  });
}

/** A policy of nothing but these permissions. */
export function policyOf(permissions: readonly Permission[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: permissions.map(statementOf), minimize: false });
}

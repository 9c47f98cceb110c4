import { aws_iam as iam } from 'aws-cdk-lib';
import { type Permission, findWildcards } from './permission';

/** The IAM statement of a permission. @throws Error for a wildcard without its reason */
export function createStatement(permission: Permission): iam.PolicyStatement {
  if (permission.wildcard === undefined && findWildcards(permission).length > 0) {
    throw new Error(
      `the permission ${permission.id} has the wildcard ${findWildcards(permission)[0]} and no reason for it`,
    );
  }
  return new iam.PolicyStatement({
    sid: permission.id,
    actions: [...permission.actions],
    resources: [...permission.resources],
    ...(permission.conditions === undefined ? {} : { conditions: permission.conditions }),
  });
}

/** A policy of nothing but these permissions. */
export function createPolicyDocument(permissions: readonly Permission[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: permissions.map(createStatement), minimize: false });
}

import { aws_iam as iam } from 'aws-cdk-lib';
import { findWildcards, type Permission } from './permission';

/** Creates a policy document with exactly these permissions. @throws Error for a wildcard without a reason */
export function createPolicyDocument(permissions: readonly Permission[]): iam.PolicyDocument {
  return new iam.PolicyDocument({ statements: permissions.map(createStatement), minimize: false });
}

function createStatement(permission: Permission): iam.PolicyStatement {
  const { id, actions, resources, wildcard, conditions } = permission;
  const [pattern] = findWildcards(permission);
  if (wildcard === undefined && pattern !== undefined) {
    throw new Error(`the permission ${id} must give a reason for its wildcard, got none for: ${pattern}`);
  }
  return new iam.PolicyStatement({ sid: id, actions: [...actions], resources: [...resources], conditions });
}

import { aws_iam as iam, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { findWildcards, type Permission } from '../iam/permission';
import { createPolicyDocument } from '../iam/policy-document';

export interface StepRoleProps {
  readonly roleName: string;
  readonly description: string;
  /** AWS service that assumes the role. */
  readonly service: 'codebuild.amazonaws.com' | 'codepipeline.amazonaws.com' | 'events.amazonaws.com';
  /** ARN of the only project, pipeline or rule for which the service may assume the role. */
  readonly usedBy: string;
  /** Account of the resource in `usedBy`. */
  readonly account: string;
  readonly permissions: readonly Permission[];
}

/** A role with exactly the given permissions. The CDK does not add its own statements, such as report groups and wildcards. */
export class StepRole extends Construct {
  /** The role itself, for additions by the app. */
  readonly role: iam.Role;
  /** The same role for constructs that grant permissions on their own. Their grants have no effect. */
  readonly immutableRole: iam.IRole;

  constructor(scope: Construct, id: string, props: StepRoleProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Resource', {
      roleName: props.roleName,
      description: props.description,
      // Prevents the service from assuming the role for another project or another account.
      assumedBy: new iam.ServicePrincipal(props.service, {
        conditions: {
          StringEquals: { 'aws:SourceAccount': props.account },
          ArnEquals: { 'aws:SourceArn': props.usedBy },
        },
      }),
      inlinePolicies: { Bowline: createPolicyDocument(props.permissions) },
    });
    for (const permission of props.permissions) {
      for (const resource of findWildcards(permission)) {
        Validations.of(this.role).acknowledge({
          id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`,
          reason: permission.wildcard ?? '',
        });
      }
    }
    this.immutableRole = this.role.withoutPolicyUpdates();
  }
}

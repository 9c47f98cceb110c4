import { aws_iam as iam, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type Permission, findWildcards } from '../iam/permission';
import { createPolicyDocument } from '../iam/policy-document';

export interface StepRoleProps {
  readonly roleName: string;
  readonly description: string;
  /** AWS service that takes the role. */
  readonly service: 'codebuild.amazonaws.com' | 'codepipeline.amazonaws.com' | 'events.amazonaws.com';
  /** ARN of the one project, pipeline or rule for which it may take it. */
  readonly usedBy: string;
  readonly account: string;
  readonly permissions: readonly Permission[];
}

/** A role whose rights are exactly those stated: what CDK would add by itself (report groups, wildcards) is not wanted, and not added. */
export class StepRole extends Construct {
  /** The role itself: an escape hatch for a platform's own additions. */
  readonly role: iam.Role;
  /** The same role for constructs that would add rights on their own: they can't. */
  readonly fixed: iam.IRole;

  constructor(scope: Construct, id: string, props: StepRoleProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Resource', {
      roleName: props.roleName,
      description: props.description,
      // No other project, and no other account's, may have the service take this role.
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
        // cdk-nag wants a reason for each: it stands beside the permission.
        Validations.of(this.role).acknowledge({
          id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`,
          reason: permission.wildcard ?? '',
        });
      }
    }
    this.fixed = this.role.withoutPolicyUpdates();
  }
}

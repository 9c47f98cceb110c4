import { aws_iam as iam, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { findWildcards, type Permission } from '../iam/permission';
import { createPolicyDocument } from '../iam/policy-document';

export interface StepRoleProps {
  readonly roleName: string;
  readonly description: string;
  /** AWS service that assumes the role. */
  readonly service: 'codebuild.amazonaws.com' | 'codepipeline.amazonaws.com' | 'events.amazonaws.com';
  /** ARN of the only project, pipeline or rule that uses the role, in the account of the platform. */
  readonly usedBy: string;
  readonly platform: Platform;
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
      assumedBy: new iam.ServicePrincipal(props.service, { conditions: trustConditions(props) }),
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

/**
 * Prevents the service from assuming the role for another account, and for another resource of this account.
 *
 * CodeBuild documents that it names the project (https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html).
 * No document says that CodePipeline names the pipeline (https://docs.aws.amazon.com/codepipeline/latest/userguide/security-iam.html), nor that
 * EventBridge names the rule when it assumes a role. A service that names none could not assume the role, so `pipeline.trust` of the catalog decides.
 */
function trustConditions({ service, usedBy, platform }: StepRoleProps): Record<string, Record<string, string>> {
  const { account, trust } = platform.pipeline;
  return {
    StringEquals: { 'aws:SourceAccount': account },
    ...(service === 'codebuild.amazonaws.com' || trust === 'resource'
      ? { ArnEquals: { 'aws:SourceArn': usedBy } }
      : {}),
  };
}

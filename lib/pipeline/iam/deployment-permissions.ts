import type { Platform } from '../../catalog';
import { ecrBaseRepositories } from '../ecr-base-repositories';
import { roleEventsRegion } from '../monitoring/tamper-event-patterns';
import { platformNames, platformTag } from '../names';
import { type Arns, arnsOf } from './arns';
import { boundaryArn, boundaryPermissions } from './deployment-boundary';
import { findWildcards, type Permission } from './permission';
import { connectionPrefixes, requireConnection } from './source-permissions';

/** Reason for the wildcard in a name. */
const platformPrefix = "the names of all resources of Bowline begin with the platform's name";
/** Reason for a wildcard as the whole resource. */
const noResource = 'these actions support no resource, or run before the resource has a name';

/**
 * Characters of a managed policy, without white space
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Nobody can raise it.
 */
export const managedPolicyLimit = 6144;

/** A managed policy. A deployment needs all of them: together they are too long for one. */
export interface DeploymentPolicy {
  readonly name: string;
  /** IAM policy document, ready for `aws iam create-policy`. */
  readonly document: object;
}

/** The policies of a deployment, each within {@link managedPolicyLimit} for every platform that the catalog allows. */
export function deploymentPolicies(platform: Platform, pullRequestConnection?: string): readonly DeploymentPolicy[] {
  return deploymentPolicyNames(platform).map(({ name, part }) => ({
    name,
    document: renderPolicyDocument(permissionsOf(part, platform, pullRequestConnection)),
  }));
}

/** The names of the policies of a deployment. */
export function deploymentPolicyNames({
  name,
}: Pick<Platform, 'name'>): readonly { readonly name: string; readonly part: DeploymentPart }[] {
  return deploymentParts.map((part) => ({ name: `${name}-deployment-${part}`, part }));
}

const deploymentParts = ['releases', 'storage', 'monitoring'] as const;
type DeploymentPart = (typeof deploymentParts)[number];

/** The permissions boundary of Bowline's roles as an IAM policy document. */
export function boundaryPolicy(platform: Platform, pullRequestConnection?: string): object {
  return renderPolicyDocument(boundaryPermissions(platform, pullRequestConnection));
}

function renderPolicyDocument(permissions: readonly Permission[]): object {
  return {
    Version: '2012-10-17',
    Statement: permissions.map(({ id, actions, resources, conditions }) => ({
      Sid: id,
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(conditions === undefined ? {} : { Condition: conditions }),
    })),
  };
}

/** Lists the statements of a deployment policy that have a wildcard, with the reason. */
export function deploymentWildcards(platform: Platform): readonly { readonly id: string; readonly why: string }[] {
  return deploymentPermissions(platform)
    .filter((permission) => findWildcards(permission).length > 0)
    .map(({ id, wildcard }) => ({ id, why: wildcard ?? '' }));
}

/**
 * The permissions that CloudFormation needs to deploy a platform: for `cdk bootstrap --cloudformation-execution-policies`, in place of
 * AdministratorAccess, the default of the CDK. The actions are those of CloudFormation's handlers for the resource types of the templates.
 *
 * These permissions include the ability to release: a deployment creates roles and can give them any permission, unless the catalog names a
 * permissions boundary. Protect deployments as you protect merges.
 * @param pullRequestConnection ARN of the connection of pull request builds, if there are any; the catalog does not contain it
 */
export function deploymentPermissions(platform: Platform, pullRequestConnection?: string): readonly Permission[] {
  return deploymentParts.flatMap((part) => permissionsOf(part, platform, pullRequestConnection));
}

function permissionsOf(
  part: DeploymentPart,
  platform: Platform,
  pullRequestConnection: string | undefined,
): readonly Permission[] {
  const arns = arnsOf(platform);
  switch (part) {
    case 'releases':
      return [
        ...rolePermissions(platform, arns),
        ...pipelinePermissions(platform, arns, pullRequestConnection),
        ...keyPermissions(platform, arns),
      ];
    case 'storage':
      return storagePermissions(platform, arns);
    case 'monitoring':
      return [
        ...monitoringPermissions(platform, arns),
        // CDK bootstrap writes its version there, and every template reads it.
        {
          id: 'BootstrapVersion',
          actions: ['ssm:GetParameters'],
          // The stack that forwards IAM events is in the region of these events, which has a bootstrap of its own.
          resources: [...new Set([arns, roleEventsArns(platform)].map((each) => each.parameter('cdk-bootstrap/*')))],
          wildcard: 'the owner of the account chooses the qualifier of the CDK bootstrap',
        },
      ];
  }
}

function rolePermissions(platform: Platform, arns: Arns): readonly Permission[] {
  const roles = { resources: [arns.role(`${platform.name}-*`)], wildcard: platformPrefix };
  const boundary = boundaryArn(platform);
  return [
    {
      id: 'Roles',
      actions: [
        'iam:DeleteRole',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:ListRoleTags',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      ...roles,
    },
    {
      id: 'RolePolicies',
      actions: [
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:PutRolePolicy',
        // DeleteRolePermissionsBoundary is missing on purpose, so that a role keeps its boundary.
        ...(boundary === undefined ? [] : ['iam:PutRolePermissionsBoundary']),
      ],
      ...roles,
      conditions: boundary === undefined ? undefined : { StringEquals: { 'iam:PermissionsBoundary': boundary } },
    },
    {
      id: 'PassRoles',
      actions: ['iam:PassRole'],
      ...roles,
      // Only the services that run releases get these roles, not a virtual machine or a function.
      conditions: {
        StringEquals: {
          'iam:PassedToService': [
            'codebuild.amazonaws.com',
            'codepipeline.amazonaws.com',
            // For rules that start pipelines or forward events.
            'events.amazonaws.com',
          ],
        },
      },
    },
  ];
}

function pipelinePermissions(platform: Platform, arns: Arns, pullRequestConnection?: string): readonly Permission[] {
  const permissions: Permission[] = [
    {
      id: 'Projects',
      actions: [
        'codebuild:BatchGetProjects',
        'codebuild:CreateProject',
        'codebuild:CreateWebhook',
        'codebuild:DeleteProject',
        'codebuild:DeleteWebhook',
        'codebuild:UpdateProject',
        'codebuild:UpdateWebhook',
      ],
      resources: [arns.project(`${platform.name}-*`)],
      wildcard: platformPrefix,
    },
    {
      id: 'Pipelines',
      actions: [
        'codepipeline:CreatePipeline',
        'codepipeline:DeletePipeline',
        'codepipeline:GetPipeline',
        'codepipeline:GetPipelineState',
        'codepipeline:ListTagsForResource',
        'codepipeline:TagResource',
        'codepipeline:UntagResource',
        'codepipeline:UpdatePipeline',
      ],
      resources: [arns.pipeline(`${platform.name}-*`), arns.pipeline(platformNames(platform).rescan.pipeline)],
      wildcard: platformPrefix,
    },
  ];
  if (platform.source.kind !== 'codecommit') {
    const connections = [requireConnection(platform.source)];
    if (pullRequestConnection !== undefined) {
      connections.push(pullRequestConnection);
    }
    permissions.push({
      id: 'Source',
      actions: connectionPrefixes.map((prefix) => `${prefix}:PassConnection`),
      resources: connections,
    });
    if (pullRequestConnection !== undefined) {
      permissions.push({
        // CodeBuild creates the webhook with a token of the connection, in the name of whoever deploys; otherwise it answers "Access denied to
        // connection" (aws/aws-cdk#31726, hashicorp/terraform-provider-aws#40656). The actions are those that the project role needs:
        // https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html
        id: 'Webhooks',
        actions: connectionPrefixes.flatMap((prefix) =>
          ['GetConnection', 'GetConnectionToken', 'UseConnection'].map((action) => `${prefix}:${action}`),
        ),
        resources: [pullRequestConnection],
      });
    }
  }
  return permissions;
}

/** Registries, buckets and logs. */
function storagePermissions(platform: Platform, arns: Arns): readonly Permission[] {
  return [
    {
      id: 'Repositories',
      actions: [
        'ecr:CreateRepository',
        'ecr:DeleteLifecyclePolicy',
        'ecr:DeleteRepository',
        'ecr:DeleteRepositoryPolicy',
        'ecr:DescribeRepositories',
        'ecr:GetLifecyclePolicy',
        'ecr:GetRepositoryPolicy',
        'ecr:ListTagsForResource',
        'ecr:PutImageScanningConfiguration',
        'ecr:PutImageTagMutability',
        'ecr:PutLifecyclePolicy',
        'ecr:SetRepositoryPolicy',
        'ecr:TagResource',
        'ecr:UntagResource',
      ],
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: platformPrefix,
    },
    ...(ecrBaseRepositories(platform).some(({ isCached }) => isCached) ? baseCachePermissions(arns) : []),
    {
      id: 'ArtifactBucket',
      actions: [
        's3:CreateBucket',
        's3:DeleteBucket',
        's3:DeleteBucketPolicy',
        // The handler reads every property of a bucket, also those that no template sets.
        's3:GetAccelerateConfiguration',
        's3:GetAnalyticsConfiguration',
        's3:GetBucketAbac',
        's3:GetBucketAcl',
        's3:GetBucketCORS',
        's3:GetBucketLogging',
        's3:GetBucketMetadataTableConfiguration',
        's3:GetBucketNotification',
        's3:GetBucketObjectLockConfiguration',
        's3:GetBucketOwnershipControls',
        's3:GetBucketPolicy',
        's3:GetBucketPublicAccessBlock',
        's3:GetBucketTagging',
        's3:GetBucketVersioning',
        's3:GetBucketWebsite',
        's3:GetEncryptionConfiguration',
        's3:GetIntelligentTieringConfiguration',
        's3:GetInventoryConfiguration',
        's3:GetLifecycleConfiguration',
        's3:GetMetricsConfiguration',
        's3:GetReplicationConfiguration',
        's3:ListBucket',
        's3:ListTagsForResource',
        's3:PutBucketPolicy',
        's3:PutBucketPublicAccessBlock',
        's3:PutBucketTagging',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:TagResource',
        's3:UntagResource',
      ],
      resources: [arns.artifactBucket, arns.bucket(platformNames(platform).binariesBucket)],
    },
    {
      id: 'Logs',
      actions: [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:DeleteRetentionPolicy',
        // Reading a log group reads its data protection policy, which no template sets.
        'logs:GetDataProtectionPolicy',
        'logs:ListTagsForResource',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
      resources: [arns.logGroup(`/bowline/${platform.name}-*`)],
      wildcard: platformPrefix,
    },
    {
      id: 'FindLogs',
      // Reading a log group reads its index policies, too. Their ARNs have no form that IAM compares.
      actions: ['logs:DescribeIndexPolicies', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'],
      resources: ['*'],
      wildcard: noResource,
    },
  ];
}

/** Rules of the base image cache, if the catalog takes base images from it. */
function baseCachePermissions(arns: Arns): readonly Permission[] {
  return [
    {
      id: 'BaseCache',
      actions: [
        'ecr:CreatePullThroughCacheRule',
        'ecr:CreateRepositoryCreationTemplate',
        'ecr:DeletePullThroughCacheRule',
        'ecr:DeleteRepositoryCreationTemplate',
        'ecr:DescribePullThroughCacheRules',
        'ecr:DescribeRepositoryCreationTemplates',
        'ecr:UpdatePullThroughCacheRule',
        'ecr:UpdateRepositoryCreationTemplate',
      ],
      resources: ['*'],
      wildcard: noResource,
    },
    {
      // The service-linked role with which ECR fetches. ECR creates it with the first rule of an account.
      id: 'BaseCacheRole',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [
        arns.role('aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache'),
      ],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'pullthroughcache.ecr.amazonaws.com' } },
    },
    {
      // The role with which ECR creates repositories from a template: https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-rct.html
      id: 'BaseCacheTemplateRole',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [arns.role('aws-service-role/ecr.amazonaws.com/AWSServiceRoleForECRTemplate')],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'ecr.amazonaws.com' } },
    },
    {
      id: 'BaseCacheSecrets',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [arns.secret('ecr-pullthroughcache/*')],
      wildcard: 'creating a rule requires access to its secret, and the catalog does not name the secrets',
    },
  ];
}

/**
 * Signing keys. An account has other keys too, so a tag identifies the keys of a platform.
 *
 * IAM can take five minutes to see a new tag or alias (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html), and these
 * calls do not wait: KMS refuses to create a key whose creator could not change its policy
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key), CloudFormation creates the alias right
 * after the key, and a rollback deletes a key that it has just created. These permissions therefore check what a key has from the start, its key
 * spec and usage, and that no tag and no alias says that the key is another owner's.
 */
function keyPermissions(platform: Platform, arns: Arns): readonly Permission[] {
  const { classes, keyAlias } = platformNames(platform);
  const [tag, value] = platformTag(platform);
  const allKeys = { resources: [arns.key('*')], wildcard: 'a key has no name before its alias is created' };
  const aliasActions = ['kms:CreateAlias', 'kms:DeleteAlias', 'kms:UpdateAlias'];
  const hasTag = { StringEquals: { [`aws:ResourceTag/${tag}`]: value } };
  const getsTag = { StringEquals: { [`aws:RequestTag/${tag}`]: value } };
  const isSigningKey = { 'kms:KeySpec': 'ECC_NIST_P256', 'kms:KeyUsage': 'SIGN_VERIFY' };
  return [
    { id: 'FindKeys', actions: ['kms:ListAliases', 'kms:ListKeys'], resources: ['*'], wildcard: noResource },
    {
      id: 'ReadKeys',
      actions: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      ...allKeys,
    },
    { id: 'CreateKeys', actions: ['kms:CreateKey'], resources: ['*'], wildcard: noResource, conditions: getsTag },
    {
      id: 'TagNewKeys',
      actions: ['kms:TagResource'],
      ...allKeys,
      // A key with an alias is not new: it may belong to another owner, and the tag would hand it to this platform.
      conditions: { ...getsTag, Null: { 'kms:ResourceAliases': 'true' } },
    },
    {
      id: 'Keys',
      // kms:Sign is missing on purpose. The key policies would deny it, too.
      actions: ['kms:DisableKey', 'kms:EnableKey', 'kms:TagResource', 'kms:UntagResource', 'kms:UpdateKeyDescription'],
      ...allKeys,
      conditions: hasTag,
    },
    {
      id: 'NewKeys',
      actions: ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
      ...allKeys,
      conditions: {
        StringEquals: isSigningKey,
        StringEqualsIfExists: { [`aws:ResourceTag/${tag}`]: value },
        // A key without an alias satisfies it.
        'ForAllValues:StringEquals': { 'kms:ResourceAliases': classes.map(keyAlias) },
      },
    },
    {
      id: 'AliasTargetKeys',
      actions: aliasActions,
      ...allKeys,
      conditions: { StringEquals: isSigningKey },
    },
    { id: 'Aliases', actions: aliasActions, resources: classes.map((name) => arns.alias(keyAlias(name))) },
  ];
}

function monitoringPermissions(platform: Platform, arns: Arns): readonly Permission[] {
  const names = platformNames(platform);
  const namePattern = `${platform.name}-*`;
  return [
    {
      id: 'Topic',
      actions: [
        'sns:CreateTopic',
        'sns:DeleteTopic',
        'sns:GetDataProtectionPolicy',
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sns:ListTagsForResource',
        'sns:SetTopicAttributes',
        'sns:TagResource',
        'sns:UntagResource',
      ],
      resources: [arns.topic(names.topic), arns.topic(names.binariesTopic)],
    },
    {
      id: 'Rules',
      actions: [
        'events:DeleteRule',
        'events:DescribeRule',
        'events:ListTagsForResource',
        'events:ListTargetsByRule',
        'events:PutRule',
        'events:PutTargets',
        'events:RemoveTargets',
        'events:TagResource',
        'events:UntagResource',
      ],
      resources: [...new Set([arns, roleEventsArns(platform)].map((each) => each.rule(namePattern)))],
      wildcard: platformPrefix,
    },
    {
      id: 'Alarms',
      actions: [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:ListTagsForResource',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
      resources: [arns.alarm(namePattern)],
      wildcard: platformPrefix,
    },
    {
      id: 'Dashboards',
      actions: [
        'cloudwatch:DeleteDashboards',
        'cloudwatch:GetDashboard',
        'cloudwatch:ListTagsForResource',
        'cloudwatch:PutDashboard',
        // CloudFormation adds its own tags to every resource that can have tags.
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
      resources: [arns.dashboard(namePattern)],
      wildcard: platformPrefix,
    },
  ];
}

/** ARNs in the region where IAM delivers its events. */
function roleEventsArns(platform: Platform): Arns {
  return arnsOf({ ...platform, pipeline: { ...platform.pipeline, region: roleEventsRegion(platform) } });
}

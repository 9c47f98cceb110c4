import type { Platform } from '../../catalog';
import { roleEventsRegion } from '../monitoring/tamper-event-patterns';
import { platformNames, platformTag } from '../names';
import { ecrBaseRepositories } from '../ecr-base-repositories';
import { type Arns, arnsOf } from './arns';
import { boundaryArn, boundaryPermissions } from './deployment-boundary';
import { type Permission, findWildcards } from './permission';
import { requireConnection } from './pipeline-permissions';

const prefix = "everything that Bowline makes begins with the platform's name";
const noResource = 'these actions know no resource, or no name before they have made one';

/**
 * What CloudFormation needs to deploy a platform, and no more: for `cdk bootstrap --cloudformation-execution-policies`, in place of
 * AdministratorAccess, which is CDK's default. Actions are those of the handlers of our resource types.
 *
 * It is a right to release all the same: who may make roles of these names may give them rights, any at all unless the catalog names a
 * permissions boundary. Guard who can deploy as you guard who can merge.
 * @param pullRequests ARN of the connection of pull requests, where they are built: the catalog does not say it
 */
export function deploymentPermissions(platform: Platform, pullRequests?: string): readonly Permission[] {
  const arns = arnsOf(platform);
  const names = platformNames(platform);
  const ours = `${platform.name}-*`;
  const roleEvents = arnsOf({ ...platform, pipeline: { ...platform.pipeline, region: roleEventsRegion(platform) } });
  const boundary = boundaryArn(platform);
  const on = (id: string, actions: readonly string[], resources: readonly string[]): Permission => ({
    id,
    actions,
    resources,
    wildcard: prefix,
  });
  const some = (service: string, verbs: string) => verbs.split(' ').map((verb) => `${service}:${verb}`);
  return [
    on(
      'Roles',
      some(
        'iam',
        'DeleteRole GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription',
      ),
      [arns.role(ours)],
    ),
    {
      ...on(
        'RightsOfRoles',
        some(
          'iam',
          `CreateRole DeleteRolePolicy PutRolePolicy${boundary === undefined ? '' : ' PutRolePermissionsBoundary'}`,
        ),
        [arns.role(ours)],
      ),
      // Taking a boundary away is no action of ours, so that what has it keeps it.
      ...(boundary === undefined ? {} : { conditions: { StringEquals: { 'iam:PermissionsBoundary': boundary } } }),
    },
    {
      ...on('PassRoles', ['iam:PassRole'], [arns.role(ours)]),
      // A role of ours goes to the services that run releases, and to no machine or function of somebody's.
      conditions: {
        StringEquals: {
          'iam:PassedToService': [
            'codebuild.amazonaws.com',
            'codepipeline.amazonaws.com',
            // Rules that start pipelines, and that send events on roles.
            'events.amazonaws.com',
          ],
        },
      },
    },
    on(
      'Projects',
      some(
        'codebuild',
        'BatchGetProjects CreateProject CreateWebhook DeleteProject DeleteWebhook UpdateProject UpdateWebhook',
      ),
      [arns.project(ours)],
    ),
    on(
      'Pipelines',
      some(
        'codepipeline',
        'CreatePipeline DeletePipeline GetPipeline GetPipelineState ListTagsForResource TagResource UntagResource UpdatePipeline',
      ),
      [arns.pipeline(ours)],
    ),
    ...(platform.source.kind === 'codecommit'
      ? []
      : [
          {
            id: 'Source',
            actions: ['codeconnections:PassConnection', 'codestar-connections:PassConnection'],
            resources: [requireConnection(platform.source), ...(pullRequests === undefined ? [] : [pullRequests])],
          },
        ]),
    on(
      'Repositories',
      some(
        'ecr',
        'CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy DescribeRepositories GetLifecyclePolicy GetRepositoryPolicy ListTagsForResource PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy SetRepositoryPolicy TagResource UntagResource',
      ),
      [arns.repository(`${platform.name}/*`)],
    ),
    ...(ecrBaseRepositories(platform).some(({ cached }) => cached) ? baseCache(arns) : []),
    {
      id: 'ArtifactBucket',
      actions: some(
        's3',
        'CreateBucket DeleteBucket DeleteBucketPolicy GetBucketPolicy GetBucketPublicAccessBlock GetBucketTagging GetBucketVersioning GetEncryptionConfiguration GetLifecycleConfiguration ListBucket PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutLifecycleConfiguration',
      ),
      resources: [arns.artifactBucket, arns.bucket(names.binariesBucket)],
    },
    on(
      'Logs',
      some(
        'logs',
        'CreateLogGroup DeleteLogGroup DeleteRetentionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource',
      ),
      [arns.logGroup(`/bowline/${ours}`)],
    ),
    { id: 'FindLogs', actions: ['logs:DescribeLogGroups'], resources: ['*'], wildcard: noResource },
    ...keys(platform, arns),
    {
      id: 'Topic',
      actions: some(
        'sns',
        'CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource SetTopicAttributes TagResource UntagResource',
      ),
      resources: [arns.topic(names.topic), arns.topic(names.binariesTopic)],
    },
    on(
      'Rules',
      some(
        'events',
        'DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets TagResource UntagResource',
      ),
      [...new Set([arns.rule(ours), roleEvents.rule(ours)])],
    ),
    on(
      'Alarms',
      some('cloudwatch', 'DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'),
      [arns.alarm(ours)],
    ),
    on('Dashboards', some('cloudwatch', 'DeleteDashboards GetDashboard PutDashboard'), [arns.dashboard(ours)]),
    // Bootstrap writes its version there, and every template asks for it.
    {
      id: 'BootstrapVersion',
      actions: ['ssm:GetParameters'],
      resources: [arns.parameter('cdk-bootstrap/*')],
      wildcard: "the qualifier of a bootstrap is its owner's",
    },
  ];
}

/** The same as a policy document, ready for `aws iam create-policy`. */
export function deploymentPolicy(platform: Platform, pullRequests?: string): object {
  return document(deploymentPermissions(platform, pullRequests));
}

/** The boundary of our roles as a policy document. */
export function boundaryPolicy(platform: Platform, pullRequests?: string): object {
  return document(boundaryPermissions(platform, pullRequests));
}

function document(permissions: readonly Permission[]): object {
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

/** Rights that are not named exactly, and why: for the page that explains the policy. */
export function deploymentWildcards(platform: Platform): readonly { readonly id: string; readonly why: string }[] {
  return deploymentPermissions(platform)
    .filter((permission) => findWildcards(permission).length > 0)
    .map(({ id, wildcard }) => ({ id, why: wildcard ?? '' }));
}

/**
 * Keys of ours are those with our tag. An account has other keys, and nothing is done to them.
 *
 * IAM sees a new tag after up to five minutes (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html), and an alias is made
 * right after its key: so aliases ask for what a key is from its first moment, a signing key of our kind.
 */
function keys(platform: Platform, arns: Arns): readonly Permission[] {
  const [tag, value] = platformTag(platform);
  const some = (verbs: string) => verbs.split(' ').map((verb) => `kms:${verb}`);
  const every = { resources: [arns.key('*')], wildcard: 'a key has no name of ours before its alias is made' };
  const tagged = { StringEquals: { [`aws:ResourceTag/${tag}`]: value } };
  const requested = { StringEquals: { [`aws:RequestTag/${tag}`]: value } };
  return [
    { id: 'FindKeys', actions: some('ListAliases ListKeys'), resources: ['*'], wildcard: noResource },
    { id: 'ReadKeys', actions: some('DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags'), ...every },
    { id: 'MakeKeys', actions: ['kms:CreateKey'], resources: ['*'], wildcard: noResource, conditions: requested },
    {
      id: 'TagNewKeys',
      actions: ['kms:TagResource'],
      ...every,
      // What has an alias is no new key: it could be somebody's, and would be ours by the tag.
      conditions: { ...requested, Null: { 'kms:ResourceAliases': 'true' } },
    },
    {
      id: 'Keys',
      // Not kms:Sign, and the keys' own policies would not let it.
      actions: some(
        'DisableKey EnableKey PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription',
      ),
      ...every,
      conditions: tagged,
    },
    {
      id: 'KeysBehindAliases',
      actions: some('CreateAlias DeleteAlias UpdateAlias'),
      ...every,
      conditions: { StringEquals: { 'kms:KeySpec': 'ECC_NIST_P256', 'kms:KeyUsage': 'SIGN_VERIFY' } },
    },
    {
      id: 'Aliases',
      actions: some('CreateAlias DeleteAlias UpdateAlias'),
      resources: platformNames(platform).classes.map((environmentClass) =>
        arns.alias(platformNames(platform).keyAlias(environmentClass)),
      ),
    },
  ];
}

/** Rules of a cache of bases, where the catalog names bases in it. */
function baseCache(arns: Arns): readonly Permission[] {
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
      // ECR's own role, which fetches. It is there after the first rule of an account.
      id: 'BaseCacheRole',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [
        arns.role('aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache'),
      ],
    },
    {
      id: 'BaseCacheLogins',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [arns.secret('ecr-pullthroughcache/*')],
      wildcard: 'ECR has such a login read to whoever makes a rule with it, and the catalog does not name them',
    },
  ];
}

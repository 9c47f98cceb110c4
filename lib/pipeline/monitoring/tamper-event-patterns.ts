import type { Platform } from '../../catalog';
import { arnsOf, partitionOf } from '../iam/arns';
import { platformNames } from '../names';

/** The `detail` pattern of an event that CloudTrail sent for an AWS API call. The `source` of the rule names the AWS services. */
export type CallPattern = Readonly<Record<string, unknown>>;

/** A sandbox runs commands with the role of its project. */
const startBuildCalls = ['StartBuild', 'StartBuildBatch', 'StartSandbox'];
const webhookCalls = ['CreateWebhook', 'UpdateWebhook'];
const retryBuildCalls = ['RetryBuild', 'RetryBuildBatch'];
const projectChangeCalls = ['CreateProject', 'DeleteProject', 'UpdateProject'];
const pipelineChangeCalls = ['CreatePipeline', 'UpdatePipeline'];
/** Calls that choose what a pipeline releases, or pass over what it waits for. */
const pipelineRunCalls = ['OverrideStageCondition', 'PutActionRevision', 'RollbackStage'];
const roleChangeCalls = [
  'AttachRolePolicy',
  'CreateRole',
  'DeleteRole',
  'DeleteRolePermissionsBoundary',
  'DeleteRolePolicy',
  'DetachRolePolicy',
  'PutRolePermissionsBoundary',
  'PutRolePolicy',
  'UpdateAssumeRolePolicy',
];
const ruleChangeCalls = ['DeleteRule', 'DisableRule', 'PutRule'];
const ruleTargetCalls = ['PutTargets', 'RemoveTargets'];
const topicChangeCalls = ['AddPermission', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes'];
/** A filter policy drops messages as silently as no subscription. */
const subscriptionChangeCalls = ['SetSubscriptionAttributes', 'Unsubscribe'];
const alarmRemovalCalls = ['DeleteAlarms', 'DisableAlarmActions'];
/** Each replaces the alarm or its state: a threshold that is never reached silences it. */
const alarmChangeCalls = ['PutCompositeAlarm', 'PutMetricAlarm', 'SetAlarmState'];
/** Calls on the trails, and on the event bus that all rules read. */
const sourceOfEventsCalls = ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateEventBus', 'UpdateTrail'];

/**
 * Detects use of the sign and promote projects outside of a release: a build can run another buildspec with all permissions of the project's role.
 * Only the pipelines' roles may start these projects. Only a deployment may change a pipeline.
 * @param projects names of the projects that sign and promote
 */
export function pipelineTamperingPattern(platform: Platform, projects: readonly string[]): CallPattern {
  const { rules } = platformNames(platform);
  const pipelineRoles = { wildcard: arnsOf(platform).role(`${platform.name}-*-run`) };
  // StartBuild accepts the name of a project or its ARN.
  const projectNamesOrArns = [...projects, ...projects.map((name) => ({ suffix: `:project/${name}` }))];
  return {
    $or: [
      ...callerOutsideRoles(pipelineRoles).map((caller) => ({
        eventName: [...startBuildCalls, ...webhookCalls],
        requestParameters: { projectName: projectNamesOrArns },
        ...caller,
      })),
      {
        eventName: retryBuildCalls,
        requestParameters: { id: projects.map((name) => ({ prefix: `${name}:` })) },
      },
      { eventName: projectChangeCalls, requestParameters: { name: projects } },
      {
        eventName: ['UpdateProjectVisibility'],
        requestParameters: { projectArn: projects.map((name) => ({ suffix: `:project/${name}` })) },
      },
      ...callerOutsideDeployments.map((caller) => ({
        eventName: pipelineChangeCalls,
        requestParameters: { pipeline: { name: [{ prefix: `${platform.name}-` }] } },
        ...caller,
      })),
      // A rule cannot report its own removal, so this rule reports changes of the rule that reports all other changes.
      ...ruleChanges([rules.monitoringTampered]),
    ],
  };
}

/**
 * Detects changes of the roles that sign and promote, by any caller, and of the pipelines' roles, by any caller except a deployment.
 * IAM delivers its events in one region per partition ({@link roleEventsRegion}). Other regions get them only if they are forwarded.
 * @param roles names of the roles that sign and promote
 */
export function roleTamperingPattern(platform: Platform, roles: readonly string[]): CallPattern {
  return {
    $or: [
      { eventName: roleChangeCalls, requestParameters: { roleName: roles } },
      ...callerOutsideDeployments.map((caller) => ({
        eventName: roleChangeCalls,
        requestParameters: { roleName: [{ wildcard: `${platform.name}-*-run` }] },
        ...caller,
      })),
    ],
  };
}

/**
 * Detects releases of something else than the latest commit of the branch and the deployed bundle: a start with a source revision of the caller's
 * choice, a rollback of a stage, and a webhook of CodePipeline. A start without a revision releases the latest commit again, and is usual.
 */
export function sourceOverridePattern(platform: Platform): CallPattern {
  const pipelines = [{ prefix: `${platform.name}-` }];
  return {
    $or: [
      {
        eventName: ['StartPipelineExecution'],
        // A field of an object in a list is matched in each of them.
        requestParameters: { name: pipelines, sourceRevisions: { revisionType: [{ exists: true }] } },
      },
      { eventName: pipelineRunCalls, requestParameters: { pipelineName: pipelines } },
      { eventName: ['PutWebhook'], requestParameters: { webhook: { targetPipeline: pipelines } } },
      ...callerOutsideDeployments.map((caller) => ({
        eventName: ['DeletePipeline'],
        requestParameters: { name: pipelines },
        ...caller,
      })),
    ],
  };
}

/** Detects changes of the monitoring itself: rules, topic, subscriptions, the alarms on what did not happen, and the account's trails and event bus. */
export function monitoringTamperingPattern(platform: Platform): CallPattern {
  const { topic, rules, rescan, notificationFailedAlarm } = platformNames(platform);
  const watchedRules = [...Object.values(rules), rescan.schedule, rescan.failed];
  const alarms = [notificationFailedAlarm, rescan.missedAlarm];
  const topicArn = arnsOf(platform).topic(topic);
  return {
    $or: [
      ...ruleChanges(watchedRules.filter((name) => name !== rules.monitoringTampered)),
      { eventName: topicChangeCalls, requestParameters: { topicArn: [topicArn] } },
      { eventName: ['PutDataProtectionPolicy'], requestParameters: { resourceArn: [topicArn] } },
      { eventName: subscriptionChangeCalls, requestParameters: { subscriptionArn: [{ prefix: `${topicArn}:` }] } },
      { eventName: alarmRemovalCalls, requestParameters: { alarmNames: alarms } },
      { eventName: alarmChangeCalls, requestParameters: { alarmName: alarms } },
      { eventName: sourceOfEventsCalls },
    ],
  };
}

function ruleChanges(names: readonly string[]): readonly CallPattern[] {
  return [
    { eventName: ruleChangeCalls, requestParameters: { name: names } },
    { eventName: ruleTargetCalls, requestParameters: { rule: names } },
  ];
}

/**
 * Matches callers without a session of a matching role: one pattern for sessions of other roles, and one for callers without a session, such as
 * users. `anything-but` alone does not match a field that is missing.
 */
export function callerOutsideRoles(roleArn: unknown): readonly CallPattern[] {
  return [{ 'anything-but': roleArn }, { exists: false }].map((matcher) => ({
    userIdentity: { sessionContext: { sessionIssuer: { arn: [matcher] } } },
  }));
}

/** Matches calls that CloudFormation did not make. Deployers can release anyway: docs/how-to/signing-keys.md. */
const callerOutsideDeployments: readonly CallPattern[] = [
  { 'anything-but': ['cloudformation.amazonaws.com'] },
  { exists: false },
].map((matcher) => ({ userIdentity: { invokedBy: [matcher] } }));

/**
 * The region in which EventBridge receives the events of IAM: "AWS global services … deliver events only to us-east-1"
 * (https://repost.aws/knowledge-center/use-eventbridge-rule-across-regions), and its counterparts in the other partitions.
 */
export function roleEventsRegion({ pipeline }: Platform): string {
  const regions: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
  return regions[partitionOf(pipeline.region)] ?? 'us-east-1';
}

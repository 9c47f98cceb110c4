import type { Platform } from '../../catalog';
import { arnsOf, partitionOf } from '../iam/arns';
import { platformNames } from '../names';

/** Which calls of AWS somebody made: the `detail` of an event that CloudTrail sent. The rule's own `source` says of which services. */
export type CallPattern = Readonly<Record<string, unknown>>;

/** Who called: an alternative for each, since a user has no session and would slip through "anything but". */
const butFor = (path: readonly string[], matcher: unknown): readonly CallPattern[] =>
  [{ 'anything-but': matcher }, { exists: false }].map(
    (match) => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), [match]) as CallPattern,
  );

/** Whoever is in no session of a role that matches. */
export const exceptRole = (matcher: unknown): readonly CallPattern[] =>
  butFor(['userIdentity', 'sessionContext', 'sessionIssuer', 'arn'], matcher);

/** CloudFormation says so itself. Who deploys may release anyway: docs/how-to/signing-keys.md. */
const byHand = butFor(['userIdentity', 'invokedBy'], ['cloudformation.amazonaws.com']);

/**
 * Sign and promote, used by anything else than a release: a build of them may be started with another buildspec, and then has all the rights of
 * their roles. Starting one belongs to the pipelines' roles; changing one, or a pipeline, to a deployment.
 * @param projects names of those that sign and promote
 */
export function pipelineTampered(platform: Platform, projects: readonly string[]): CallPattern {
  const { rules } = platformNames(platform);
  const arns = arnsOf(platform);
  // A build may be asked for by the project's ARN, too.
  const named = [...projects, ...projects.map((name) => ({ suffix: `:project/${name}` }))];
  return {
    $or: [
      ...exceptRole({ wildcard: arns.role(`${platform.name}-*-run`) }).map((who) => ({
        eventName: ['StartBuild', 'StartBuildBatch', 'CreateWebhook', 'UpdateWebhook'],
        requestParameters: { projectName: named },
        ...who,
      })),
      {
        eventName: ['RetryBuild', 'RetryBuildBatch'],
        requestParameters: { id: projects.map((name) => ({ prefix: `${name}:` })) },
      },
      {
        eventName: ['CreateProject', 'DeleteProject', 'UpdateProject'],
        requestParameters: { name: projects },
      },
      ...byHand.map((who) => ({
        eventName: ['CreatePipeline', 'UpdatePipeline'],
        requestParameters: { pipeline: { name: [{ prefix: `${platform.name}-` }] } },
        ...who,
      })),
      // What watches the watch has to be watched by another.
      ...changesOfRules([rules.monitoringTampered]),
    ],
  };
}

/**
 * The roles of sign and promote, changed by anybody; those of the pipelines, which start them, by anybody but a deployment.
 * IAM's events arrive in one region of a partition alone ({@link roleEventsRegion}): elsewhere they have to be sent on to the bus of this rule.
 * @param roles names of those that sign and promote
 */
export function rolesTampered(platform: Platform, roles: readonly string[]): CallPattern {
  const change = {
    eventName: [
      'AttachRolePolicy',
      'CreateRole',
      'DeleteRole',
      'DeleteRolePermissionsBoundary',
      'DeleteRolePolicy',
      'DetachRolePolicy',
      'PutRolePermissionsBoundary',
      'PutRolePolicy',
      'UpdateAssumeRolePolicy',
    ],
  };
  return {
    $or: [
      { ...change, requestParameters: { roleName: roles } },
      ...byHand.map((who) => ({
        ...change,
        requestParameters: { roleName: [{ wildcard: `${platform.name}-*-run` }] },
        ...who,
      })),
    ],
  };
}

/** What all of this is told by: our rules, the topic and its subscriptions, the alarm on what was not told, and the account's trails. */
export function monitoringTampered(platform: Platform): CallPattern {
  const { topic, rules, notificationFailedAlarm } = platformNames(platform);
  const arn = arnsOf(platform).topic(topic);
  return {
    $or: [
      ...changesOfRules(Object.values(rules).filter((name) => name !== rules.monitoringTampered)),
      {
        eventName: ['AddPermission', 'DeleteTopic', 'RemovePermission', 'SetTopicAttributes'],
        requestParameters: { topicArn: [arn] },
      },
      { eventName: ['Unsubscribe'], requestParameters: { subscriptionArn: [{ prefix: `${arn}:` }] } },
      {
        eventName: ['DeleteAlarms', 'DisableAlarmActions'],
        requestParameters: { alarmNames: [notificationFailedAlarm] },
      },
      {
        eventName: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
      },
    ],
  };
}

function changesOfRules(names: readonly string[]): readonly CallPattern[] {
  return [
    { eventName: ['DeleteRule', 'DisableRule', 'PutRule'], requestParameters: { name: names } },
    { eventName: ['PutTargets', 'RemoveTargets'], requestParameters: { rule: names } },
  ];
}

/**
 * Where EventBridge has the events of IAM: "AWS global services … deliver events only to us-east-1"
 * (https://repost.aws/knowledge-center/use-eventbridge-rule-across-regions), and the like in the other partitions.
 */
export function roleEventsRegion({ pipeline }: Platform): string {
  const regions: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
  return regions[partitionOf(pipeline.region)] ?? 'us-east-1';
}

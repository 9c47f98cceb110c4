import type { Platform } from '../../catalog';
import { arnsOf, partitionOf } from '../iam/arns';
import { platformNames, type SharedStep } from '../names';

/** The `detail` pattern of an event that CloudTrail sent for an AWS API call. The `source` of the rule names the AWS services. */
export type CallPattern = Readonly<Record<string, unknown>>;

/** Names of the projects that the release pipelines of all services share. Strategies can choose them. */
export type SharedProjects = Readonly<Record<SharedStep, string>>;

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
 * Detects changes of projects and pipelines. Projects that sign, have the ledger's credential or judge what runs are reported for any caller, all
 * others and the pipelines for any caller except a deployment, because deployments usually change some.
 * @param projects names of the projects that the release pipelines of all services share
 */
export function pipelineTamperingPattern(platform: Platform, projects: SharedProjects): CallPattern {
  const { rules, rescan, toolbox } = platformNames(platform);
  const { name } = platform;
  const { scan, sign, promote } = projects;
  const pipelines = pipelinesOf(platform);
  // Strategies choose the names of their projects.
  const otherNames = [scan, sign, promote].filter((project) => !project.startsWith(`${name}-`));
  return {
    $or: [
      {
        eventName: projectChangeCalls,
        requestParameters: { name: [sign, promote, rescan.listProject, rescan.project] },
      },
      {
        eventName: projectChangeCalls,
        requestParameters: { name: [...serviceNamesFor(platform, ['build', 'pr']), scan, toolbox.project] },
        ...callerOutsideDeployments,
      },
      {
        eventName: ['UpdateProjectVisibility'],
        requestParameters: {
          projectArn: [{ prefix: arnsOf(platform).project(`${name}-`) }, ...otherNames.map(arnEnd)],
        },
      },
      {
        eventName: pipelineChangeCalls,
        requestParameters: { pipeline: { name: pipelines } },
        ...callerOutsideDeployments,
      },
      { eventName: ['DeletePipeline'], requestParameters: { name: pipelines }, ...callerOutsideDeployments },
      // A rule cannot report its own removal, so this rule reports changes of the rule that reports all other changes.
      ...ruleChanges([rules.monitoringTampered]),
    ],
  };
}

/**
 * Detects changes of the roles of a platform: by any caller of those that sign, that have the ledger's credential or that judge what runs, and of all
 * others by any caller except a deployment.
 * IAM delivers its events in one region per partition ({@link roleEventsRegion}). Other regions get them only if they are forwarded.
 * @param roles names of the roles that sign and promote
 */
export function roleTamperingPattern(platform: Platform, roles: readonly string[]): CallPattern {
  const { role, rescan, toolbox, roleEvents } = platformNames(platform);
  const rolesOfServices = serviceNamesFor(platform, ['build', 'pr', 'run', 'start']);
  const otherRoles = [role('scan'), rescan.pipelineRole, rescan.scheduleRole, toolbox.role, roleEvents];
  return {
    eventName: roleChangeCalls,
    $or: [
      { requestParameters: { roleName: [...roles, rescan.listRole, rescan.role] } },
      { requestParameters: { roleName: [...rolesOfServices, ...otherRoles] }, ...callerOutsideDeployments },
    ],
  };
}

/**
 * Detects runs of something else than what the pipelines run.
 *
 * A build of a project that its pipeline did not start can run another buildspec with all permissions of the project's role: it can sign, read the
 * ledger's credential, leave something in the cache of the next build, or count as a judgement of what runs. A start of a pipeline with a source
 * revision of the caller's choice, a rollback of a stage and a webhook of CodePipeline release something else than the latest commit of the branch
 * and the deployed bundle. A start without a revision releases the latest commit again, and is usual.
 * @param projects names of the projects that the release pipelines of all services share
 */
export function sourceOverridePattern(platform: Platform, projects: SharedProjects): CallPattern {
  const { rescan } = platformNames(platform);
  const arns = arnsOf(platform);
  const pipelines = pipelinesOf(platform);
  const builds = `${platform.name}-*-build`;
  const releaseProjects = [projects.scan, projects.sign, projects.promote];
  const rescanProjects = [rescan.listProject, rescan.project];
  const buildIds = [...releaseProjects, ...rescanProjects].map((project) => ({ prefix: `${project}:` }));
  return {
    $or: [
      {
        eventName: [...startBuildCalls, ...webhookCalls],
        // StartBuild accepts the name of a project or its ARN.
        $or: [
          {
            requestParameters: {
              projectName: [
                { wildcard: builds },
                { wildcard: arns.project(builds) },
                ...releaseProjects,
                ...releaseProjects.map(arnEnd),
              ],
            },
            ...callerOutsideRoles({ wildcard: arns.role(`${platform.name}-*-run`) }),
          },
          {
            requestParameters: { projectName: [...rescanProjects, ...rescanProjects.map(arnEnd)] },
            ...callerOutsideRoles([arns.role(rescan.pipelineRole)]),
          },
        ],
      },
      { eventName: retryBuildCalls, requestParameters: { id: [{ wildcard: `${builds}:*` }, ...buildIds] } },
      {
        eventName: ['StartPipelineExecution'],
        // A field of an object in a list is matched in each of them.
        requestParameters: { name: pipelines, sourceRevisions: { revisionType: [{ exists: true }] } },
      },
      { eventName: pipelineRunCalls, requestParameters: { pipelineName: pipelines } },
      { eventName: ['PutWebhook'], requestParameters: { webhook: { targetPipeline: pipelines } } },
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

/** The pipelines of all services, and the one that judges what runs. */
function pipelinesOf(platform: Platform): readonly unknown[] {
  return [{ prefix: `${platform.name}-` }, platformNames(platform).rescan.pipeline];
}

/** Projects and roles that each service has, by the last part of their names: lib/pipeline/names.ts. */
function serviceNamesFor({ name }: Platform, uses: readonly string[]): readonly unknown[] {
  return uses.map((use) => ({ wildcard: `${name}-*-${use}` }));
}

/** Matches the ARN of a project. */
function arnEnd(project: string): object {
  return { suffix: `:project/${project}` };
}

function ruleChanges(names: readonly string[]): readonly CallPattern[] {
  return [
    { eventName: ruleChangeCalls, requestParameters: { name: names } },
    { eventName: ruleTargetCalls, requestParameters: { rule: names } },
  ];
}

/** Matches callers without a session of a matching role: sessions of other roles, and callers without a session, such as users. */
export function callerOutsideRoles(roleArn: unknown): CallPattern {
  return { userIdentity: { sessionContext: { sessionIssuer: { arn: anythingBut(roleArn) } } } };
}

/** Matches calls that CloudFormation did not make. Deployers can release anyway: docs/how-to/signing-keys.md. */
const callerOutsideDeployments: CallPattern = {
  userIdentity: { invokedBy: anythingBut(['cloudformation.amazonaws.com']) },
};

/** A list matches if one of its matchers does. `anything-but` alone does not match a field that is missing. */
function anythingBut(value: unknown): readonly unknown[] {
  return [{ 'anything-but': value }, { exists: false }];
}

/**
 * The region in which EventBridge receives the events of IAM: "AWS global services … deliver events only to us-east-1"
 * (https://repost.aws/knowledge-center/use-eventbridge-rule-across-regions), and its counterparts in the other partitions.
 */
export function roleEventsRegion({ pipeline }: Platform): string {
  const regions: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
  return regions[partitionOf(pipeline.region)] ?? 'us-east-1';
}

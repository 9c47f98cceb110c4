import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, catalogOf, exampleCatalog, type Resource, resourcesOf, synthesize } from '../synthesize';
import { matchesEventPattern } from './event-pattern';

let assembly: Assembly;
beforeAll(() => {
  assembly = synthesize();
});

function rule(name: string): Readonly<Record<string, unknown>> {
  const found = resourcesOf(assembly, 'AWS::Events::Rule').find(({ Properties }) => Properties.Name === name);
  return (found as Resource).Properties;
}

const reports = (name: string, event: object) =>
  rule(name).EventPattern !== undefined && matchesEventPattern(rule(name).EventPattern, event);

describe('use of a signing key', () => {
  const call = (eventName: string, requestParameters: object, userIdentity: object) => ({
    source: 'aws.kms',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventName, requestParameters, userIdentity },
  });
  const role = (name: string) => ({
    type: 'AssumedRole',
    sessionContext: { sessionIssuer: { arn: `arn:aws:iam::111111111111:role/${name}` } },
  });
  const user = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/eve' };
  const keyId = 'alias/acme-production';

  test.each([
    ['the signer', call('Sign', { keyId }, role('acme-sign')), false],
    ['another role', call('Sign', { keyId }, role('acme-hello-build')), true],
    ['a role with a similar name', call('Sign', { keyId }, role('acme-sign-2')), true],
    ['a user without a session', call('Sign', { keyId }, user), true],
    ['another key', call('Sign', { keyId: 'alias/payroll' }, user), false],
    [
      'a user, with the ARN of the alias',
      call('Sign', { keyId: `arn:aws:kms:eu-west-1:111111111111:${keyId}` }, user),
      true,
    ],
  ])('by %s is reported unless it is the signer', (_, event, isReported) => {
    expect(reports('acme-other-signer', event)).toBe(isReported);
  });

  test('is reported although EventBridge treats signing as a read-only call', () => {
    expect(rule('acme-other-signer').State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  });

  test.each([
    ['a new key policy', call('PutKeyPolicy', { keyId }, role('admin')), true],
    ['a scheduled deletion', call('ScheduleKeyDeletion', { keyId }, user), true],
    ['an alias that moves to another key', call('UpdateAlias', { aliasName: keyId, targetKeyId: 'x' }, user), true],
    ['a signature', call('Sign', { keyId }, role('acme-sign')), false],
    ['another alias', call('UpdateAlias', { aliasName: 'alias/payroll' }, user), false],
  ])('through %s is reported if it changes the key', (_, event, isReported) => {
    expect(reports('acme-key-changed', event)).toBe(isReported);
  });

  test('is monitored under each name of the key', () => {
    const { keyId: names } = (
      rule('acme-other-signer').EventPattern as { detail: { requestParameters: { keyId: unknown[] } } }
    ).detail.requestParameters;
    // Each of the two keys has an alias, an alias ARN, an ID and an ARN.
    expect(names).toHaveLength(8);
  });
});

describe('unauthorized pipeline access', () => {
  const at = 'arn:aws';
  const session = (name: string, invokedBy?: string) => ({
    type: 'AssumedRole',
    sessionContext: { sessionIssuer: { arn: `${at}:iam::111111111111:role/${name}` } },
    ...(invokedBy === undefined ? {} : { invokedBy }),
  });
  const user = { type: 'IAMUser', arn: `${at}:iam::111111111111:user/eve` };
  const deployment = session('cdk-hnb659fds-cfn-exec-role-111111111111-eu-west-1', 'cloudformation.amazonaws.com');
  const call = (service: string, eventName: string, requestParameters: object, userIdentity: object = user) => ({
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventSource: `${service}.amazonaws.com`, eventName, requestParameters, userIdentity },
  });
  const start = (projectName: string, who: object) => call('codebuild', 'StartBuild', { projectName }, who);

  test.each<[string, object, boolean]>([
    [
      'a change of the sign project, also by a deployment',
      call('codebuild', 'UpdateProject', { name: 'acme-sign' }, deployment),
      true,
    ],
    [
      'a judgement of what runs that always passes',
      call('codebuild', 'UpdateProject', { name: 'acme-rescan', source: { buildspec: 'true' } }),
      true,
    ],
    ['a manual change of a build', call('codebuild', 'UpdateProject', { name: 'acme-hello-build' }), true],
    [
      'a deployment that changes a build',
      call('codebuild', 'UpdateProject', { name: 'acme-hello-build' }, deployment),
      false,
    ],
    ['a change of another project', call('codebuild', 'UpdateProject', { name: 'payroll' }), false],
    [
      'builds of the promote project that become public',
      call('codebuild', 'UpdateProjectVisibility', {
        projectArn: `${at}:codebuild:eu-west-1:111111111111:project/acme-promote`,
        projectVisibility: 'PUBLIC_READ',
      }),
      true,
    ],
    [
      'a manual change of a pipeline',
      call('codepipeline', 'UpdatePipeline', { pipeline: { name: 'acme-hello' } }),
      true,
    ],
    [
      'a deployment that changes a pipeline',
      call('codepipeline', 'UpdatePipeline', { pipeline: { name: 'acme-hello' } }, deployment),
      false,
    ],
    ['another pipeline', call('codepipeline', 'UpdatePipeline', { pipeline: { name: 'payroll' } }), false],
    ['a deleted pipeline', call('codepipeline', 'DeletePipeline', { name: 'acme-hello' }, session('admin')), true],
    ['a deleted pipeline that judges what runs', call('codepipeline', 'DeletePipeline', { name: 'acme.rescan' }), true],
    [
      'a pipeline deleted by a deployment',
      call('codepipeline', 'DeletePipeline', { name: 'acme-hello' }, deployment),
      false,
    ],
    ['a disabled monitoring rule', call('events', 'DisableRule', { name: 'acme-monitoring-tampered' }), true],
  ])('through projects and pipelines: %s', (_, event, isReported) => {
    expect(reports('acme-pipeline-tampered', event)).toBe(isReported);
  });

  test.each<[string, object, boolean]>([
    ['a release that signs', start('acme-sign', session('acme-hello-run')), false],
    ['a sign build by a user', start('acme-sign', user), true],
    ['a promote build by a user', start('acme-promote', user), true],
    ['a sign build by a build role', start('acme-sign', session('acme-hello-build')), true],
    ['a sign build by a role with a name like a pipeline role', start('acme-sign', session('acme-hello-run-2')), true],
    [
      'a sign build by the ARN of the project',
      start(`${at}:codebuild:eu-west-1:111111111111:project/acme-sign`, session('admin')),
      true,
    ],
    ['a service build by a user', start('acme-hello-build', user), true],
    ['a build of the toolbox by a user, as bootstrap starts it', start('acme-toolbox', user), false],
    ['a list of what runs, by its pipeline', start('acme-releases', session('acme-rescan-pipeline')), false],
    ['a list of what runs, by a user', start('acme-releases', user), true],
    ['a list of what runs, by a release', start('acme-releases', session('acme-hello-run')), true],
    ['a sign build by the pipeline that judges what runs', start('acme-sign', session('acme-rescan-pipeline')), true],
    ['another project', start('payroll', user), false],
    ['a retry', call('codebuild', 'RetryBuild', { id: 'acme-promote:0a1b' }), true],
    ['a retry of another project', call('codebuild', 'RetryBuild', { id: 'acme-promote-2:0a1b' }), false],
    ['a sandbox of the sign project', call('codebuild', 'StartSandbox', { projectName: 'acme-sign' }), true],
    ['a sandbox of another project', call('codebuild', 'StartSandbox', { projectName: 'payroll' }), false],
    ['a webhook', call('codebuild', 'CreateWebhook', { projectName: 'acme-promote' }), true],
  ])('through builds: %s', (_, event, isReported) => {
    expect(reports('acme-source-overridden', event)).toBe(isReported);
  });

  const execution = (name: string, more: object = {}, who: object = user) =>
    call('codepipeline', 'StartPipelineExecution', { name, ...more }, who);
  const revisions = (...types: readonly string[]) => ({
    sourceRevisions: types.map((revisionType) => ({ actionName: 'Source', revisionType, revisionValue: 'x' })),
  });
  test.each<[string, object, boolean]>([
    ['a release of the latest commit again', execution('acme-hello'), false],
    ['a release of the latest commit again, with an empty list', execution('acme-hello', revisions()), false],
    ['a push', execution('acme-hello', { clientRequestToken: 'x' }, session('acme-hello-start')), false],
    ['a commit of the caller', execution('acme-hello', revisions('COMMIT_ID')), true],
    ['a version of the bundle', execution('acme-hello', revisions('S3_OBJECT_VERSION_ID')), true],
    ['another bundle beside a commit', execution('acme-hello', revisions('COMMIT_ID', 'S3_OBJECT_KEY')), true],
    ['a commit by an administrator', execution('acme-hello', revisions('COMMIT_ID'), session('admin')), true],
    ['a commit of another pipeline', execution('payroll', revisions('COMMIT_ID')), false],
    [
      'a rollback of a stage',
      call('codepipeline', 'RollbackStage', { pipelineName: 'acme-hello', stageName: 'Prod' }),
      true,
    ],
    [
      'a condition that is passed over',
      call('codepipeline', 'OverrideStageCondition', { pipelineName: 'acme-hello' }),
      true,
    ],
    ['a revision that is announced', call('codepipeline', 'PutActionRevision', { pipelineName: 'acme-hello' }), true],
    ['a rollback of another pipeline', call('codepipeline', 'RollbackStage', { pipelineName: 'payroll' }), false],
    [
      'a webhook of CodePipeline',
      call('codepipeline', 'PutWebhook', { webhook: { targetPipeline: 'acme-hello' } }),
      true,
    ],
    ['a retry of a stage', call('codepipeline', 'RetryStageExecution', { pipelineName: 'acme-hello' }), false],
  ])('through the source: %s', (_, event, isReported) => {
    expect(reports('acme-source-overridden', event)).toBe(isReported);
  });

  test.each<[string, object, boolean]>([
    ['the trust policy of the signer', call('iam', 'UpdateAssumeRolePolicy', { roleName: 'acme-sign' }), true],
    ['permissions of promote', call('iam', 'AttachRolePolicy', { roleName: 'acme-promote' }, session('admin')), true],
    [
      'permissions of the signer, also by a deployment',
      call('iam', 'PutRolePolicy', { roleName: 'acme-sign' }, deployment),
      true,
    ],
    [
      'a manual change of permissions of a pipeline',
      call('iam', 'PutRolePolicy', { roleName: 'acme-hello-run' }),
      true,
    ],
    ['a new role with a name like a pipeline role', call('iam', 'CreateRole', { roleName: 'acme-evil-run' }), true],
    [
      'permissions of a pipeline, by a deployment, which is usual',
      call('iam', 'PutRolePolicy', { roleName: 'acme-hello-run' }, deployment),
      false,
    ],
    ['who uses the list of what runs', call('iam', 'UpdateAssumeRolePolicy', { roleName: 'acme-releases' }), true],
    ['a manual change of a build', call('iam', 'PutRolePolicy', { roleName: 'acme-hello-build' }), true],
    ['another role', call('iam', 'PutRolePolicy', { roleName: 'payroll' }), false],
  ])('through roles: %s', (_, event, isReported) => {
    expect(reports('acme-roles-tampered', event)).toBe(isReported);
  });

  const topicArn = `${at}:sns:eu-west-1:111111111111:acme-releases`;
  test.each<[string, object, boolean]>([
    ['a disabled rule', call('events', 'DisableRule', { name: 'acme-other-signer' }), true],
    ['a deleted rule', call('events', 'DeleteRule', { name: 'acme-pipeline-tampered' }, deployment), true],
    ['a rule without a target', call('events', 'RemoveTargets', { rule: 'acme-key-changed' }), true],
    ['another rule', call('events', 'DisableRule', { name: 'payroll' }), false],
    ['a new topic policy', call('sns', 'SetTopicAttributes', { topicArn }), true],
    ['a removed subscription', call('sns', 'Unsubscribe', { subscriptionArn: `${topicArn}:0a1b` }), true],
    ['another topic', call('sns', 'SetTopicAttributes', { topicArn: `${topicArn}-2` }), false],
    [
      'a filter on a subscription',
      call('sns', 'SetSubscriptionAttributes', { subscriptionArn: `${topicArn}:0a1b` }),
      true,
    ],
    ['a policy that drops messages', call('sns', 'PutDataProtectionPolicy', { resourceArn: topicArn }), true],
    ['another topic policy', call('sns', 'PutDataProtectionPolicy', { resourceArn: `${topicArn}-2` }), false],
    ['another key of the event bus', call('events', 'UpdateEventBus', { name: 'default' }), true],
    ['a replaced alarm', call('monitoring', 'PutMetricAlarm', { alarmName: 'acme-notification-failed' }), true],
    [
      'a replaced alarm, by a deployment',
      call('monitoring', 'PutMetricAlarm', { alarmName: 'acme-notification-failed' }, deployment),
      true,
    ],
    [
      'an alarm that is set to OK',
      call('monitoring', 'SetAlarmState', { alarmName: 'acme-notification-failed' }),
      true,
    ],
    [
      'an alarm replaced by a composite one',
      call('monitoring', 'PutCompositeAlarm', { alarmName: 'acme-notification-failed' }),
      true,
    ],
    [
      'an alarm without actions',
      call('monitoring', 'DisableAlarmActions', { alarmNames: ['acme-notification-failed'] }),
      true,
    ],
    [
      'a deleted alarm on missing judgements',
      call('monitoring', 'DeleteAlarms', { alarmNames: ['acme-rescan-missed'] }),
      true,
    ],
    ['another alarm', call('monitoring', 'PutMetricAlarm', { alarmName: 'acme-notification-failed-2' }), false],
    ['a stopped trail', call('cloudtrail', 'StopLogging', { name: 'any' }), true],
    [
      'a deleted alarm on failed notifications',
      call('monitoring', 'DeleteAlarms', { alarmNames: ['other', 'acme-notification-failed'] }),
      true,
    ],
  ])('through the monitoring: %s', (_, event, isReported) => {
    expect(reports('acme-monitoring-tampered', event)).toBe(isReported);
  });

  test('another rule reports every rule that is disabled', () => {
    const ruleNames = resourcesOf(assembly, 'AWS::Events::Rule').map(({ Properties }) => String(Properties.Name));
    for (const name of ruleNames) {
      const reporting = ruleNames.filter(
        (other) => other !== name && reports(other, call('events', 'DisableRule', { name })),
      );
      expect([name, reporting]).not.toEqual([name, []]);
    }
  });

  test('has patterns within the limit of EventBridge, also with the longest names', () => {
    const parsed = catalogOf({
      platform: readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8')
        .replace(/^name: acme$/m, `name: ${'a'.repeat(16)}`)
        .replaceAll('eu-west-1', 'ap-southeast-1'),
    });
    const patterns = resourcesOf(synthesize({ parsed }), 'AWS::Events::Rule').flatMap(({ Properties }) =>
      // A rule with a schedule has none.
      Properties.EventPattern === undefined ? [] : [JSON.stringify(Properties.EventPattern)],
    );
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    expect(patterns).toHaveLength(11);
    expect(Math.max(...patterns.map((pattern) => pattern.length))).toBeLessThanOrEqual(2048);
  });
});

describe('a release', () => {
  const stage = (pipeline: string, state: string) => ({
    source: 'aws.codepipeline',
    'detail-type': 'CodePipeline Stage Execution State Change',
    detail: { pipeline, stage: 'Scan', state },
  });
  const action = (category: string) => ({
    source: 'aws.codepipeline',
    'detail-type': 'CodePipeline Action Execution State Change',
    detail: { pipeline: 'acme-hello', action: 'ApproveProd', state: 'STARTED', type: { category } },
  });

  test('that fails is reported by one rule for all services', () => {
    expect(reports('acme-release-failed', stage('acme-hello', 'FAILED'))).toBe(true);
    expect(reports('acme-release-failed', stage('acme-hello', 'SUCCEEDED'))).toBe(false);
    expect(reports('acme-release-failed', stage('payroll', 'FAILED'))).toBe(false);
  });

  test('that waits for an approval is reported, with the command that lists waiting releases', () => {
    expect(JSON.stringify(rule('acme-approval-waiting').Targets)).toContain(
      'aws codepipeline list-pipeline-executions --pipeline-name ',
    );
    expect(reports('acme-approval-waiting', action('Approval'))).toBe(true);
    expect(reports('acme-approval-waiting', action('Build'))).toBe(false);
  });

  test('is reported through one topic, and its binaries are announced through another', () => {
    const topics = resourcesOf(assembly, 'AWS::SNS::Topic').map(({ Properties }) => Properties.TopicName);
    expect(topics.sort()).toEqual(['acme-binaries', 'acme-releases']);
  });
});

describe('a topic', () => {
  interface TopicStatement {
    readonly Sid: string;
    readonly Effect: string;
    readonly Principal: { readonly Service?: string };
    readonly Action: string;
    readonly Condition?: unknown;
  }
  const statements = () =>
    resourcesOf(assembly, 'AWS::SNS::TopicPolicy').flatMap(
      ({ Properties }) => (Properties.PolicyDocument as { Statement: TopicStatement[] }).Statement,
    );
  const ofService = (name: string) => statements().filter(({ Principal }) => Principal.Service === name);

  test('accepts messages of rules without a condition, because EventBridge sends no condition keys', () => {
    expect(
      ofService('events.amazonaws.com').map(({ Effect, Action, Condition }) => [Effect, Action, Condition]),
    ).toEqual([
      ['Allow', 'sns:Publish', undefined],
      ['Allow', 'sns:Publish', undefined],
    ]);
  });

  test('accepts messages of alarms of this account only, and only over TLS', () => {
    expect(ofService('cloudwatch.amazonaws.com').map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'aws:SourceAccount': '111111111111' } },
    ]);
    const denied = statements().filter(({ Effect, Action }) => Effect === 'Deny' && Action === 'sns:Publish');
    expect(denied.map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { Bool: { 'aws:SecureTransport': 'false' } },
    ]);
  });

  test('of alerts cannot be deleted before its policy is changed', () => {
    expect(statements().filter(({ Action }) => Action === 'sns:DeleteTopic')).toEqual([
      expect.objectContaining({ Sid: 'DenyTopicDeletion', Effect: 'Deny', Principal: { AWS: '*' } }),
    ]);
  });
});

describe('a slow run', () => {
  const run = (project: string, minutes: number, seconds: number, phase = 'BUILD') => ({
    source: 'aws.codebuild',
    'detail-type': 'CodeBuild Build Phase Change',
    detail: {
      'project-name': project,
      'completed-phase': phase,
      'completed-phase-duration-seconds': seconds,
      'additional-information': { 'timeout-in-minutes': minutes },
    },
  });

  test.each([
    ['a short build', run('acme-hello-build', 20, 300), false],
    ['sixteen of twenty minutes', run('acme-hello-build', 20, 16 * 60), true],
    ['sixteen minutes of two hours', run('acme-hello-build', 120, 16 * 60), false],
    ['a hundred minutes of two hours', run('acme-hello-build', 120, 100 * 60), true],
    ['four of five minutes', run('acme-hello-build', 5, 240), true],
    ['a shared scan project', run('acme-scan', 20, 1100), true],
    ['a project of another platform', run('payroll-build', 20, 1100), false],
    ['the queued phase', run('acme-hello-build', 20, 1100, 'QUEUED'), false],
  ])('is reported if it used most of its timeout: %s', (_, event, isReported) => {
    expect(reports('acme-slow-run', event)).toBe(isReported);
  });

  test('is detected for every timeout that the catalog allows', () => {
    for (let minutes = 5; minutes <= 120; minutes += 1) {
      expect(reports('acme-slow-run', run('acme-hello-build', minutes, minutes * 60))).toBe(true);
      expect(reports('acme-slow-run', run('acme-hello-build', minutes, minutes * 20))).toBe(false);
    }
  });

  test('has a pattern within the limit of EventBridge', () => {
    expect(JSON.stringify(rule('acme-slow-run').EventPattern).length).toBeLessThan(2048 - 'p'.repeat(16).length);
  });
});

test('an alarm fires if EventBridge fails to deliver an event of any rule', () => {
  // An alarm computes with ten metrics at most. Of the rescan, another alarm fires when no run has passed, also when its rules deliver nothing.
  const others = ['acme-rescan-daily', 'acme-rescan-failed'];
  const rules = resourcesOf(assembly, 'AWS::Events::Rule')
    .map(({ Properties }) => Properties.Name)
    .filter((name) => !others.includes(String(name)));
  const alarm = resourcesOf(assembly, 'AWS::CloudWatch::Alarm').find(
    ({ Properties }) => Properties.AlarmName === 'acme-notification-failed',
  )?.Properties as {
    readonly Metrics: readonly {
      readonly MetricStat?: { readonly Metric: { readonly Dimensions: readonly { readonly Value: string }[] } };
    }[];
    readonly AlarmActions: readonly string[];
  };
  const monitoredRules = alarm.Metrics.flatMap(
    ({ MetricStat }) => MetricStat?.Metric.Dimensions.map(({ Value }) => Value) ?? [],
  );
  expect(monitoredRules.sort()).toEqual(rules.sort());
  expect(alarm.AlarmActions).toEqual(['arn:aws:sns:eu-west-1:111111111111:acme-releases']);
});

test('no service has its own rule, topic, alarm or dashboard', () => {
  const service = [...assembly.templates].find(([name]) => name === 'acme-service-hello')?.[1];
  const types = Object.values(service?.Resources ?? {}).map(({ Type }) => Type);
  expect(types.filter((type) => /Events|SNS|CloudWatch/.test(type))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Assembly, catalogOf, exampleCatalog, type Resource, resourcesOf, synthesize } from '../synthesize';
import { fits } from './event-pattern';

let assembly: Assembly;
beforeAll(() => {
  assembly = synthesize();
});

function rule(name: string): Readonly<Record<string, unknown>> {
  const found = resourcesOf(assembly, 'AWS::Events::Rule').find(({ Properties }) => Properties.Name === name);
  return (found as Resource).Properties;
}

const reports = (name: string, event: object) => fits(rule(name).EventPattern, event);

describe('a signing key that is touched', () => {
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
    ['a role that sounds like the signer', call('Sign', { keyId }, role('acme-sign-2')), true],
    ['a user, who has no session', call('Sign', { keyId }, user), true],
    ['a key of somebody else', call('Sign', { keyId: 'alias/payroll' }, user), false],
    [
      'the key by the ARN of its alias',
      call('Sign', { keyId: `arn:aws:kms:eu-west-1:111111111111:${keyId}` }, user),
      true,
    ],
  ])('by %s', (_, event, told) => {
    expect(reports('acme-other-signer', event)).toBe(told);
  });

  test('is reported although signing only reads', () => {
    expect(rule('acme-other-signer').State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  });

  test.each([
    ['a new policy', call('PutKeyPolicy', { keyId }, role('admin')), true],
    ['a deletion', call('ScheduleKeyDeletion', { keyId }, user), true],
    ['an alias that moves to another key', call('UpdateAlias', { aliasName: keyId, targetKeyId: 'x' }, user), true],
    ['a signature', call('Sign', { keyId }, role('acme-sign')), false],
    ['another alias', call('UpdateAlias', { aliasName: 'alias/payroll' }, user), false],
  ])('by %s', (_, event, told) => {
    expect(reports('acme-key-changed', event)).toBe(told);
  });

  test('is watched under each of its names', () => {
    const { keyId: names } = (
      rule('acme-other-signer').EventPattern as { detail: { requestParameters: { keyId: unknown[] } } }
    ).detail.requestParameters;
    // For each of two keys: alias, ARN of the alias, id, ARN.
    expect(names).toHaveLength(8);
  });
});

describe('a way around the pipelines', () => {
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
    ['a release that signs', start('acme-sign', session('acme-hello-run')), false],
    ['a build of sign that a user starts', start('acme-sign', user), true],
    ['a build of promote that a user starts', start('acme-promote', user), true],
    ['a build of sign that a build starts', start('acme-sign', session('acme-hello-build')), true],
    ['a build of sign by a role that sounds like a pipeline', start('acme-sign', session('acme-hello-run-2')), true],
    [
      'the project by its ARN',
      start(`${at}:codebuild:eu-west-1:111111111111:project/acme-sign`, session('admin')),
      true,
    ],
    ['another project', start('acme-hello-build', user), false],
    ['a retry', call('codebuild', 'RetryBuild', { id: 'acme-promote:0a1b' }), true],
    ['a retry of another project', call('codebuild', 'RetryBuild', { id: 'acme-promote-2:0a1b' }), false],
    [
      'a new buildspec, also of a deployment',
      call('codebuild', 'UpdateProject', { name: 'acme-sign' }, deployment),
      true,
    ],
    ['a webhook', call('codebuild', 'CreateWebhook', { projectName: 'acme-promote' }), true],
    ['a pipeline changed by hand', call('codepipeline', 'UpdatePipeline', { pipeline: { name: 'acme-hello' } }), true],
    [
      'a pipeline changed by a deployment',
      call('codepipeline', 'UpdatePipeline', { pipeline: { name: 'acme-hello' } }, deployment),
      false,
    ],
    ['a pipeline of others', call('codepipeline', 'UpdatePipeline', { pipeline: { name: 'payroll' } }), false],
    ['the rule that watches the rules', call('events', 'DisableRule', { name: 'acme-watch-touched' }), true],
  ])('is told by the road: %s', (_, event, told) => {
    expect(reports('acme-road-touched', event)).toBe(told);
  });

  test.each<[string, object, boolean]>([
    ['trust of the signer', call('iam', 'UpdateAssumeRolePolicy', { roleName: 'acme-sign' }), true],
    ['rights of promote', call('iam', 'AttachRolePolicy', { roleName: 'acme-promote' }, session('admin')), true],
    [
      'rights of the signer, also by a deployment',
      call('iam', 'PutRolePolicy', { roleName: 'acme-sign' }, deployment),
      true,
    ],
    ['rights of a pipeline, by hand', call('iam', 'PutRolePolicy', { roleName: 'acme-hello-run' }), true],
    ['a role that is taken for a pipeline', call('iam', 'CreateRole', { roleName: 'acme-evil-run' }), true],
    [
      'rights of a pipeline, by a deployment: each does it',
      call('iam', 'PutRolePolicy', { roleName: 'acme-hello-run' }, deployment),
      false,
    ],
    ['a role of others', call('iam', 'PutRolePolicy', { roleName: 'payroll' }), false],
  ])('is told by the roles: %s', (_, event, told) => {
    expect(reports('acme-roles-touched', event)).toBe(told);
  });

  const topicArn = `${at}:sns:eu-west-1:111111111111:acme-releases`;
  test.each<[string, object, boolean]>([
    ['a rule that is off', call('events', 'DisableRule', { name: 'acme-other-signer' }), true],
    ['a rule that is gone', call('events', 'DeleteRule', { name: 'acme-road-touched' }, deployment), true],
    ['a rule with no target', call('events', 'RemoveTargets', { rule: 'acme-key-changed' }), true],
    ['a rule of others', call('events', 'DisableRule', { name: 'payroll' }), false],
    ['another policy of the topic', call('sns', 'SetTopicAttributes', { topicArn }), true],
    ['a subscription that ends', call('sns', 'Unsubscribe', { subscriptionArn: `${topicArn}:0a1b` }), true],
    ['a topic of others', call('sns', 'SetTopicAttributes', { topicArn: `${topicArn}-2` }), false],
    ['no trail', call('cloudtrail', 'StopLogging', { name: 'any' }), true],
    [
      'no alarm on what was not told',
      {
        ...call('monitoring', 'DeleteAlarms', { alarmNames: ['other', 'acme-untold'] }),
      },
      true,
    ],
  ])('is told by the watch: %s', (_, event, told) => {
    expect(reports('acme-watch-touched', event)).toBe(told);
  });

  test('no rule can be switched off without another that tells', () => {
    const ours = resourcesOf(assembly, 'AWS::Events::Rule').map(({ Properties }) => String(Properties.Name));
    for (const name of ours) {
      const told = ours.filter((other) => other !== name && reports(other, call('events', 'DisableRule', { name })));
      expect([name, told]).not.toEqual([name, []]);
    }
  });

  test('fits into the patterns of EventBridge, also with the longest names', () => {
    const parsed = catalogOf({
      platform: readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8').replace(
        /^name: acme$/m,
        `name: ${'a'.repeat(16)}`,
      ),
    });
    const patterns = resourcesOf(synthesize({ parsed }), 'AWS::Events::Rule').map(({ Properties }) =>
      JSON.stringify(Properties.EventPattern),
    );
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    expect(patterns).toHaveLength(9);
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

  test('that fails is told by one rule for all services', () => {
    expect(reports('acme-release-failed', stage('acme-hello', 'FAILED'))).toBe(true);
    expect(reports('acme-release-failed', stage('acme-hello', 'SUCCEEDED'))).toBe(false);
    expect(reports('acme-release-failed', stage('payroll', 'FAILED'))).toBe(false);
  });

  test('that waits for somebody is told, and how to see what waits behind it', () => {
    expect(JSON.stringify(rule('acme-approval-waiting').Targets)).toContain(
      'aws codepipeline list-pipeline-executions --pipeline-name ',
    );
    expect(reports('acme-approval-waiting', action('Approval'))).toBe(true);
    expect(reports('acme-approval-waiting', action('Build'))).toBe(false);
  });

  test('is told through one topic, and its binaries through another', () => {
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

  test('takes from the rules without a condition, which EventBridge could not fulfil', () => {
    expect(
      ofService('events.amazonaws.com').map(({ Effect, Action, Condition }) => [Effect, Action, Condition]),
    ).toEqual([
      ['Allow', 'sns:Publish', undefined],
      ['Allow', 'sns:Publish', undefined],
    ]);
  });

  test('takes from alarms of this account alone, and from nobody without TLS', () => {
    expect(ofService('cloudwatch.amazonaws.com').map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'aws:SourceAccount': '111111111111' } },
    ]);
    const denied = statements().filter(({ Effect, Action }) => Effect === 'Deny' && Action === 'sns:Publish');
    expect(denied.map(({ Condition }) => Condition)).toEqual([
      { Bool: { 'aws:SecureTransport': 'false' } },
      { Bool: { 'aws:SecureTransport': 'false' } },
    ]);
  });

  test('of alerts is deleted by nobody before its policy is changed, which is told', () => {
    expect(statements().filter(({ Action }) => Action === 'sns:DeleteTopic')).toEqual([
      expect.objectContaining({ Sid: 'NobodyDeletes', Effect: 'Deny', Principal: { AWS: '*' } }),
    ]);
  });
});

describe('a run that comes near to its timeout', () => {
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
    ['a usual build', run('acme-hello-build', 20, 300), false],
    ['a build of sixteen minutes, of twenty', run('acme-hello-build', 20, 16 * 60), true],
    ['a build of sixteen minutes, of two hours', run('acme-hello-build', 120, 16 * 60), false],
    ['a build of a hundred minutes, of two hours', run('acme-hello-build', 120, 100 * 60), true],
    ['a build of four minutes, of five', run('acme-hello-build', 5, 240), true],
    ['a scan, which all services share', run('acme-scan', 20, 1100), true],
    ['a build of somebody else', run('payroll-build', 20, 1100), false],
    ['a machine that is waited for', run('acme-hello-build', 20, 1100, 'QUEUED'), false],
  ])('is told: %s', (_, event, told) => {
    expect(reports('acme-slow-run', event)).toBe(told);
  });

  test('is found by the timeout of every service that the catalog can have', () => {
    for (let minutes = 5; minutes <= 120; minutes += 1) {
      expect(reports('acme-slow-run', run('acme-hello-build', minutes, minutes * 60))).toBe(true);
      expect(reports('acme-slow-run', run('acme-hello-build', minutes, minutes * 20))).toBe(false);
    }
  });

  test('takes no more of a pattern than EventBridge has room for', () => {
    expect(JSON.stringify(rule('acme-slow-run').EventPattern).length).toBeLessThan(2048 - 'p'.repeat(16).length);
  });
});

test('an alarm hears when a rule of ours could not tell what it saw', () => {
  const rules = resourcesOf(assembly, 'AWS::Events::Rule').map(({ Properties }) => Properties.Name);
  const alarm = resourcesOf(assembly, 'AWS::CloudWatch::Alarm').find(
    ({ Properties }) => Properties.AlarmName === 'acme-untold',
  )?.Properties as {
    readonly Metrics: readonly {
      readonly MetricStat?: { readonly Metric: { readonly Dimensions: readonly { readonly Value: string }[] } };
    }[];
    readonly AlarmActions: readonly string[];
  };
  const watched = alarm.Metrics.flatMap(
    ({ MetricStat }) => MetricStat?.Metric.Dimensions.map(({ Value }) => Value) ?? [],
  );
  expect(watched.sort()).toEqual(rules.sort());
  expect(alarm.AlarmActions).toEqual(['arn:aws:sns:eu-west-1:111111111111:acme-releases']);
});

test('no rule, topic, alarm or dashboard is made for a service by itself', () => {
  const service = [...assembly.templates].find(([name]) => name === 'acme-service-hello')?.[1];
  const types = Object.values(service?.Resources ?? {}).map(({ Type }) => Type);
  expect(types.filter((type) => /Events|SNS|CloudWatch/.test(type))).toEqual([]);
});

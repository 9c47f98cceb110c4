import {
  aws_cloudwatch as cloudwatch,
  aws_cloudwatch_actions as cloudwatchActions,
  Duration,
  aws_events as events,
  aws_sns as sns,
  aws_events_targets as targets,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { platformNames } from '../names';
import { slowRunPattern } from './slow-run-pattern';

/**
 * Who is told of what, for all pipelines of a platform together: rules, topics and alarms are counted by account, so none is made for each service.
 * Subscribe to the topic (mail, chat, pager) where the platform's people are.
 */
export class Alerts extends Construct {
  readonly topic: sns.ITopic;
  readonly releaseFailed: events.Rule;
  readonly approvalWaiting: events.Rule;
  readonly slowRun: events.Rule;
  readonly queue: cloudwatch.Alarm;
  /** Hears of what the rules could not tell. */
  readonly untold: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    const names = platformNames(platform);
    this.topic = sns.Topic.fromTopicArn(this, 'Topic', arnsOf(platform).topic(names.topic));
    const ofOurs = { pipeline: events.Match.prefix(`${platform.name}-`) };
    const text = (...words: readonly string[]) => events.RuleTargetInput.fromText(words.join(''));
    const field = events.EventField.fromPath;
    this.releaseFailed = new events.Rule(this, 'ReleaseFailed', {
      ruleName: names.rules.releaseFailed,
      description: 'A stage of a release pipeline failed',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Stage Execution State Change'],
        detail: { ...ofOurs, state: ['FAILED'] },
      },
      targets: [
        new targets.SnsTopic(this.topic, {
          message: text(
            field('$.detail.pipeline'),
            ': the stage ',
            field('$.detail.stage'),
            ' failed (execution ',
            field('$.detail.execution-id'),
            '). Nothing after it was released; what runs goes on running. Its log says why; retry the stage, or push a fix.',
          ),
        }),
      ],
    });
    this.approvalWaiting = new events.Rule(this, 'ApprovalWaiting', {
      ruleName: names.rules.approvalWaiting,
      description: 'A release waits for somebody',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: { ...ofOurs, state: ['STARTED'], type: { category: ['Approval'] } },
      },
      targets: [
        new targets.SnsTopic(this.topic, {
          message: text(
            field('$.detail.pipeline'),
            ' waits for ',
            field('$.detail.action'),
            '. Later commits wait behind it: "aws codepipeline list-pipeline-executions --pipeline-name ',
            field('$.detail.pipeline'),
            '" lists them. Nobody asks again; after seven days it counts as refused.',
          ),
        }),
      ],
    });
    this.slowRun = new events.Rule(this, 'SlowRun', {
      ruleName: names.rules.slowRun,
      description: 'A build, scan, signature or promotion took most of its timeout',
      eventPattern: slowRunPattern(platform),
      targets: [
        new targets.SnsTopic(this.topic, {
          message: text(
            field('$.detail.project-name'),
            ' ran for ',
            field('$.detail.completed-phase-duration-seconds'),
            ' seconds, and is ended after ',
            field('$.detail.additional-information.timeout-in-minutes'),
            ' minutes: a release that takes longer fails. Look for what grew (',
            field('$.detail.additional-information.logs.deep-link'),
            '), or give the service more time or a larger machine in the catalog: timeout, compute.',
          ),
        }),
      ],
    });
    this.queue = new cloudwatch.Alarm(this, 'Queue', {
      alarmName: `${platform.name}-build-queue`,
      alarmDescription:
        'Builds wait for a machine for more than ten minutes: the quota of concurrent CodeBuild builds is too small for the commits that come',
      // Without a dimension: of all projects of the account.
      metric: new cloudwatch.Metric({
        namespace: 'AWS/CodeBuild',
        metricName: 'QueuedDuration',
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: Duration.minutes(10).toSeconds(),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.queue.addAlarmAction(new cloudwatchActions.SnsAction(this.topic));
    this.untold = new cloudwatch.Alarm(this, 'Untold', {
      alarmName: names.notificationFailedAlarm,
      alarmDescription:
        'EventBridge could not deliver what a rule of the platform has seen: a failed release, or a key that was touched, was told to nobody. Look at FailedInvocations of each rule and at the policy of its topic',
      metric: new cloudwatch.MathExpression({
        // A rule that has never failed has no data.
        expression: 'SUM(FILL(METRICS(), 0))',
        label: 'failed deliveries',
        period: Duration.minutes(5),
        usingMetrics: Object.fromEntries(
          Object.entries(names.rules).map(([key, RuleName]) => [key, failedInvocations(RuleName)]),
        ),
      }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    // Alarms publish by another statement of the topic's policy than rules do.
    this.untold.addAlarmAction(new cloudwatchActions.SnsAction(this.topic));
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
function failedInvocations(RuleName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensionsMap: { RuleName },
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}

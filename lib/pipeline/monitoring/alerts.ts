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

export interface AlertsProps {
  readonly platform: Platform;
}

/**
 * Alerts on the release pipelines of a platform. Quotas count rules, topics and alarms per account, so all services share them.
 * Subscribe the platform team's mail, chat or pager to the topic.
 */
export class Alerts extends Construct {
  readonly topic: sns.ITopic;
  readonly releaseFailed: events.Rule;
  readonly approvalWaiting: events.Rule;
  readonly slowRun: events.Rule;
  /** Fires when builds wait too long for a machine. */
  readonly buildsQueued: cloudwatch.Alarm;
  /** Fires when EventBridge fails to deliver an event of a rule. */
  readonly notificationFailed: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, { platform }: AlertsProps) {
    super(scope, id);
    const names = platformNames(platform);
    this.topic = sns.Topic.fromTopicArn(this, 'Topic', arnsOf(platform).topic(names.topic));
    const field = events.EventField.fromPath;
    const pipelines = { pipeline: events.Match.prefix(`${platform.name}-`) };

    this.releaseFailed = new events.Rule(this, 'ReleaseFailed', {
      ruleName: names.rules.releaseFailed,
      description: 'A stage of a release pipeline failed',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Stage Execution State Change'],
        detail: { ...pipelines, state: ['FAILED'] },
      },
      targets: [
        this.notify(
          `Release failed: stage ${field('$.detail.stage')} of pipeline ${field('$.detail.pipeline')}`,
          ` failed at ${field('$.time')} (execution ${field('$.detail.execution-id')}).`,
          ' The release stopped at this stage. Running workloads are not affected.',
          ' Read the log of the failed action, then retry the stage or push a fix.',
        ),
      ],
    });
    this.approvalWaiting = new events.Rule(this, 'ApprovalWaiting', {
      ruleName: names.rules.approvalWaiting,
      description: 'A release waits for an approval',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: { ...pipelines, state: ['STARTED'], type: { category: ['Approval'] } },
      },
      targets: [
        this.notify(
          `Approval required: pipeline ${field('$.detail.pipeline')} has been waiting for ${field('$.detail.action')} since ${field('$.time')}.`,
          ' Later commits wait behind it. To list them, run',
          ` "aws codepipeline list-pipeline-executions --pipeline-name ${field('$.detail.pipeline')}".`,
          ' Approve or reject the release. There is no reminder; after seven days CodePipeline rejects it.',
        ),
      ],
    });
    this.slowRun = new events.Rule(this, 'SlowRun', {
      ruleName: names.rules.slowRun,
      description: 'A build, scan, sign or promote run used most of its timeout',
      eventPattern: slowRunPattern(platform),
      targets: [
        this.notify(
          `Slow run: project ${field('$.detail.project-name')} ran for ${field('$.detail.completed-phase-duration-seconds')} seconds.`,
          ` Its timeout is ${field('$.detail.additional-information.timeout-in-minutes')} minutes; a release that takes longer fails.`,
          ` Find out what got slower (${field('$.detail.additional-information.logs.deep-link')}),`,
          " or increase the service's timeout or compute in the catalog.",
        ),
      ],
    });

    this.buildsQueued = new cloudwatch.Alarm(this, 'Queue', {
      alarmName: `${platform.name}-build-queue`,
      alarmDescription:
        'Builds have been waiting for a machine for more than ten minutes, so releases of this account are delayed. The quota of concurrent CodeBuild builds is too small for the rate of commits: request a higher quota.',
      // Without a dimension, the metric covers all projects of the account.
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
    this.buildsQueued.addAlarmAction(new cloudwatchActions.SnsAction(this.topic));

    this.notificationFailed = new cloudwatch.Alarm(this, 'NotificationFailed', {
      alarmName: names.notificationFailedAlarm,
      alarmDescription:
        'EventBridge failed to deliver an event of a platform rule, so a failed release or a changed signing key may have gone unreported. Check the metric FailedInvocations of each rule, and the policy of its topic.',
      metric: new cloudwatch.MathExpression({
        // A rule that never failed has no data points.
        expression: 'SUM(FILL(METRICS(), 0))',
        label: 'failed deliveries',
        period: Duration.minutes(5),
        usingMetrics: Object.fromEntries(
          Object.entries(names.rules).map(([key, ruleName]) => [key, failedInvocations(ruleName)]),
        ),
      }),
      threshold: 0,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    // Alarms publish through another statement of the topic policy than rules, so this alarm works when rules cannot publish.
    this.notificationFailed.addAlarmAction(new cloudwatchActions.SnsAction(this.topic));
  }

  private notify(...parts: readonly string[]): targets.SnsTopic {
    return new targets.SnsTopic(this.topic, { message: events.RuleTargetInput.fromText(parts.join('')) });
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
function failedInvocations(ruleName: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName: 'FailedInvocations',
    dimensionsMap: { RuleName: ruleName },
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}

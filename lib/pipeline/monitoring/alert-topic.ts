import { aws_iam as iam, aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { accept } from '../accept';
import { arnsOf } from '../iam/arns';
import { platformNames } from '../names';

export interface AlertTopicProps {
  readonly platform: Platform;
}

/**
 * The SNS topic of a platform's alerts. Only EventBridge rules and CloudWatch alarms publish to it, over TLS.
 *
 * The topic policy denies deletion, because a deleted topic loses its subscriptions without a notification. To delete the topic, change the
 * policy first: that change is reported. CloudFormation uses the same order.
 */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic;
  /** The topic imported by ARN, for rule targets and alarm actions. For an owned topic, CDK would add a publish statement without a condition. */
  readonly importedTopic: sns.ITopic;

  constructor(scope: Construct, id: string, { platform }: AlertTopicProps) {
    super(scope, id);
    const topicName = platformNames(platform).topic;
    const topicArn = arnsOf(platform).topic(topicName);
    this.topic = new sns.Topic(this, 'Resource', {
      topicName,
      displayName: `${platform.name} releases`,
      enforceSSL: true,
    });
    accept(this.topic, {
      checkov: ['CKV_AWS_26'],
      reason: 'a message names pipeline, stage and execution, and has no content; SNS stores nothing after delivery',
    });
    this.importedTopic = sns.Topic.fromTopicArn(this, 'Imported', topicArn);
    this.topic.addToResourcePolicy(allowRulesToPublish(topicArn));
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': platform.pipeline.account } },
      }),
    );
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'DenyTopicDeletion',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['sns:DeleteTopic'],
        resources: [topicArn],
      }),
    );
  }
}

/**
 * Allows EventBridge rules to publish to a topic.
 *
 * The statement has no condition, because EventBridge sends no condition keys: with `aws:SourceAccount` or `aws:SourceArn`, SNS refuses every
 * message, and only the metric FailedInvocations shows it ("You can't use Condition blocks in Amazon SNS topic policies for EventBridge",
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions).
 */
export function allowRulesToPublish(topicArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'RulesPublish',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topicArn],
  });
}

import { aws_iam as iam, aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { accept } from '../accept';
import { arnsOf } from '../iam/arns';
import { platformNames } from '../names';

/**
 * The topic of a platform's alerts: rules and alarms publish to it, by TLS.
 *
 * Nobody deletes it as long as this policy stands: with the topic its subscriptions would go, and nothing could be told of that. Whoever wants
 * it gone has to change the policy before, which the topic still tells (CloudFormation does it in this order, too).
 */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic;
  /** For targets and alarms: CDK would let them publish without a condition. */
  readonly guarded: sns.ITopic;

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    const { account } = platform.pipeline;
    this.topic = new sns.Topic(this, 'Resource', {
      topicName: platformNames(platform).topic,
      displayName: `${platform.name} releases`,
      enforceSSL: true,
    });
    accept(this.topic, {
      checkov: ['CKV_AWS_26'],
      reason: 'a message names pipeline, stage and execution, and no content; nothing is stored once it is delivered',
    });
    this.guarded = sns.Topic.fromTopicArn(this, 'Guarded', arnsOf(platform).topic(platformNames(platform).topic));
    const resources = [arnsOf(platform).topic(platformNames(platform).topic)];
    this.topic.addToResourcePolicy(allowRulesToPublish(resources));
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources,
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'NobodyDeletes',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['sns:DeleteTopic'],
        resources,
      }),
    );
  }
}

/**
 * Lets the rules of EventBridge publish to a topic. Without a condition: EventBridge sends none of the keys that one could ask for, so that with
 * `aws:SourceAccount` or `aws:SourceArn` every message is refused, and only the metric FailedInvocations says so
 * ("You can't use Condition blocks in Amazon SNS topic policies for EventBridge",
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions).
 */
export function allowRulesToPublish(topics: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'RulesPublish',
    principals: [new iam.ServicePrincipal('events.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [...topics],
  });
}

import { aws_iam as iam, aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../catalog';
import { accept } from './accept';
import { arnsOf } from './arns';
import { platformNames } from './names';

/** The topic of a platform's alerts. AWS services of this account publish to it, by TLS. */
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
    for (const service of ['events', 'cloudwatch'] as const) {
      this.topic.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: service === 'events' ? 'RulesPublish' : 'AlarmsPublish',
          principals: [new iam.ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [arnsOf(platform).topic(platformNames(platform).topic)],
          conditions: { StringEquals: { 'aws:SourceAccount': account } },
        }),
      );
    }
  }
}

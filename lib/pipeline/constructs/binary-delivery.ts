import {
  Duration,
  aws_events as events,
  aws_iam as iam,
  RemovalPolicy,
  aws_s3 as s3,
  aws_sns as sns,
  aws_events_targets as targets,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { binariesEventSource, binariesEventType } from '../../release';
import { accept } from '../accept';
import { arnsOf } from '../iam/arns';
import { allowRulesToPublish } from '../monitoring/alert-topic';
import { platformNames } from '../names';

export interface BinaryDeliveryProps {
  readonly platform: Platform;
}

/** The bucket of plain binaries, and the topic that announces signed ones. `docs/how-to/binaries.md` describes the event. */
export class BinaryDelivery extends Construct {
  readonly bucket: s3.Bucket;
  /** Receives an event for each set of signed binaries. Subscribe whatever installs them, or create an EventBridge rule. */
  readonly topic: sns.Topic;
  readonly rule: events.Rule;

  constructor(scope: Construct, id: string, { platform }: BinaryDeliveryProps) {
    super(scope, id);
    const names = platformNames(platform);
    const arns = arnsOf(platform);
    const bucketArn = arns.bucket(names.binariesBucket);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: names.binariesBucket,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      // Binaries do not expire, because an installed version may be needed again.
      lifecycleRules: [{ id: 'broken uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const environmentAccounts = new Set(platform.environments.map(({ account }) => account));
    environmentAccounts.delete(platform.pipeline.account);
    if (environmentAccounts.size > 0) {
      this.bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'EnvironmentsRead',
          principals: [...environmentAccounts].map((account) => new iam.ArnPrincipal(arns.accountRoot(account))),
          actions: ['s3:GetObject'],
          resources: [`${bucketArn}/*`],
        }),
      );
    }
    this.bucket.addToResourcePolicy(denyOverwrites(bucketArn));
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'DenySignaturesFromBuilds',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        // The record of the announced event is there too. A build that writes it first would suppress the event.
        resources: [`${bucketArn}/*/signatures/*`],
        conditions: { ArnLike: { 'aws:PrincipalArn': arns.role(`${platform.name}-*-build`) } },
      }),
    );
    accept(this.bucket, {
      nag: ['AwsSolutions-S1'],
      checkov: ['CKV_AWS_18'],
      reason:
        'consumers verify the signature of what they download; to log each access, enable data events in CloudTrail, which need no second bucket',
    });
    const topicArn = arns.topic(names.binariesTopic);
    this.topic = new sns.Topic(this, 'Topic', {
      topicName: names.binariesTopic,
      displayName: `${platform.name} binaries`,
      enforceSSL: true,
    });
    accept(this.topic, {
      checkov: ['CKV_AWS_26'],
      reason: 'a message names files and their checksums, and has no content; SNS stores nothing after delivery',
    });
    this.topic.addToResourcePolicy(allowRulesToPublish(topicArn));
    this.rule = new events.Rule(this, 'Signed', {
      ruleName: names.rules.binariesSigned,
      description: 'Signed binaries are available',
      eventPattern: {
        source: [binariesEventSource],
        detailType: [binariesEventType],
        // Each platform of an account has its own topic.
        detail: { platform: [platform.name] },
      },
      targets: [new targets.SnsTopic(sns.Topic.fromTopicArn(this, 'Imported', topicArn))],
    });
  }
}

/**
 * Denies overwriting an object, whatever permissions the caller has: S3 accepts a write only with `If-None-Match`. This also denies multipart
 * uploads, which can begin without the header; the files are small.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function denyOverwrites(bucketArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyOverwrites',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [`${bucketArn}/*`],
    conditions: { Null: { 's3:if-none-match': 'true' } },
  });
}

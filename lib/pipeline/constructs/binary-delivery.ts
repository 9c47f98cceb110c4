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

/** Where plain binaries lie, and who is told that new ones are signed: `docs/how-to/binaries.md` has the event. */
export class BinaryDelivery extends Construct {
  readonly bucket: s3.Bucket;
  /** Whoever installs binaries subscribes here, or makes a rule of their own. */
  readonly topic: sns.Topic;
  readonly rule: events.Rule;

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    const names = platformNames(platform);
    const arns = arnsOf(platform);
    const { account } = platform.pipeline;
    this.bucket = new s3.Bucket(this, 'Bucket', {
      bucketName: names.binariesBucket,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      // Nothing expires: what is installed somewhere may be asked for again.
      lifecycleRules: [{ id: 'broken uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const others = [...new Set(platform.environments.map((environment) => environment.account))].filter(
      (other) => other !== account,
    );
    if (others.length > 0) {
      this.bucket.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'EnvironmentsRead',
          principals: others.map((other) => new iam.ArnPrincipal(arns.accountRoot(other))),
          actions: ['s3:GetObject'],
          resources: [`${arns.bucket(names.binariesBucket)}/*`],
        }),
      );
    }
    this.bucket.addToResourcePolicy(writtenOnce(arns.bucket(names.binariesBucket)));
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'BuildsSignNothing',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:PutObject'],
        // What was announced lies there, too: whoever could write it first would keep the event from being sent.
        resources: [`${arns.bucket(names.binariesBucket)}/*/signatures/*`],
        conditions: { ArnLike: { 'aws:PrincipalArn': arns.role(`${platform.name}-*-build`) } },
      }),
    );
    accept(this.bucket, {
      nag: ['AwsSolutions-S1'],
      checkov: ['CKV_AWS_18'],
      reason:
        'what is taken from here is verified by its signature; who wants to see each access turns on data events in CloudTrail, which need no second bucket',
    });
    const arn = arns.topic(names.binariesTopic);
    this.topic = new sns.Topic(this, 'Topic', {
      topicName: names.binariesTopic,
      displayName: `${platform.name} binaries`,
      enforceSSL: true,
    });
    accept(this.topic, {
      checkov: ['CKV_AWS_26'],
      reason: 'a message names files and their checksums, and no content; nothing is stored once it is delivered',
    });
    this.topic.addToResourcePolicy(allowRulesToPublish([arn]));
    this.rule = new events.Rule(this, 'Signed', {
      ruleName: names.rules.binariesSigned,
      description: 'Binaries are signed and can be fetched',
      eventPattern: {
        source: [binariesEventSource],
        detailType: [binariesEventType],
        // Another platform of the account has a topic of its own.
        detail: { platform: [platform.name] },
      },
      targets: [new targets.SnsTopic(sns.Topic.fromTopicArn(this, 'Guarded', arn))],
    });
  }
}

/**
 * Nobody writes an object of a key that has one, whatever rights he has: S3 takes a write only with `If-None-Match`. Uploads in parts, which
 * could begin without it, are refused with the rest: what we write is small.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
function writtenOnce(bucket: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'WrittenOnce',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['s3:PutObject'],
    resources: [`${bucket}/*`],
    conditions: { Null: { 's3:if-none-match': 'true' } },
  });
}

import {
  Annotations,
  aws_s3_assets as assets,
  Duration,
  RemovalPolicy,
  Stack,
  type StackProps,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform } from '../../../catalog';
import { accept } from '../../accept';
import { Alerts } from '../../monitoring/alerts';
import { ReleaseDashboard } from '../../monitoring/dashboard';
import { PipelineMonitor } from '../../monitoring/pipeline-monitor';
import { platformNames } from '../../names';
import { createBundle } from '../../assets/bundle';
import { BaseCache, type CachedRegistry } from '../base-cache';
import { BinaryDelivery } from '../binary-delivery';
import { BowlineGate, KmsSigner, LedgerWriter } from '../default-strategies';
import type { BundleLocation } from '../release-pipeline';
import type { StepProject } from '../step-project';
import type { ProjectHandle, Strategies } from '../strategies';

export interface PlatformStackProps<
  Scan extends ProjectHandle = ProjectHandle,
  Sign extends ProjectHandle = ProjectHandle,
  Promote extends ProjectHandle = ProjectHandle,
> extends StackProps {
  readonly platform: Platform;
  /** Folder of the catalog: it travels with the bundle. */
  readonly catalogDirectory: string;
  /** Folder of the bundled command line. @default the package's own */
  readonly program?: string;
  readonly strategies?: Strategies<ProjectHandle, Scan, Sign, Promote>;
  /** Public registries whose images ECR keeps copies of. @default none */
  readonly baseCache?: readonly CachedRegistry[];
  /** Names of the roles that sign and promote: who changes them is told. */
  readonly roles: readonly string[];
  /** Whether IAM's events are sent here from where they arrive. */
  readonly roleEvents: boolean;
}

/** What all pipelines of a platform share: the artifact bucket, the bundle, the projects that scan, sign and promote, plain binaries and alerts. */
export class PlatformStack<
  Scan extends ProjectHandle = StepProject,
  Sign extends ProjectHandle = StepProject,
  Promote extends ProjectHandle = StepProject,
> extends Stack {
  readonly artifacts: s3.Bucket;
  readonly bundle: BundleLocation;
  readonly scan: Scan;
  readonly sign: Sign;
  readonly promote: Promote;
  readonly binaries: BinaryDelivery;
  readonly alerts: Alerts;
  readonly road: PipelineMonitor;
  readonly dashboard: ReleaseDashboard;
  /** Where the platform asks for one. */
  readonly baseCache?: BaseCache;

  constructor(scope: Construct, id: string, props: PlatformStackProps<Scan, Sign, Promote>) {
    super(scope, id, props);
    const { platform, strategies } = props;
    const { path, hash } = createBundle(props.catalogDirectory, props.program);
    const asset = new assets.Asset(this, 'Bundle', { path, assetHash: hash });
    this.bundle = { bucket: asset.s3BucketName, key: asset.s3ObjectKey };
    this.artifacts = new s3.Bucket(this, 'Artifacts', {
      bucketName: platformNames(platform).artifactBucket,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      // Longer than an execution can wait for its approval, or be retried.
      lifecycleRules: [
        {
          id: 'past releases',
          expiration: Duration.days(90),
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accept(this.artifacts, {
      nag: ['AwsSolutions-S1'],
      checkov: ['CKV_AWS_18'],
      reason:
        'our roles reach it by their own prefixes, people by what rights on S3 the account gives them; a record that was changed is refused by its hash, and who wants to see each access turns on data events in CloudTrail, which need no second bucket',
    });
    // Where no strategy is given, the type parameters are what the defaults make.
    this.scan = (strategies?.gate ?? new BowlineGate()).bindGate(this, platform) as Scan;
    this.sign = (strategies?.signer ?? new KmsSigner()).bindSigner(this, platform) as Sign;
    this.promote = (strategies?.writer ?? new LedgerWriter()).bindWriter(this, platform) as Promote;
    this.binaries = new BinaryDelivery(this, 'Binaries', platform);
    this.alerts = new Alerts(this, 'Alerts', platform);
    this.road = new PipelineMonitor(this, 'Road', {
      platform,
      topic: this.alerts.topic,
      projects: [this.sign.projectName, this.promote.projectName],
      roles: props.roles,
      roleEvents: props.roleEvents,
    });
    this.dashboard = new ReleaseDashboard(this, 'Dashboard', platform);
    if (props.baseCache !== undefined && props.baseCache.length > 0) {
      this.baseCache = new BaseCache(this, 'BaseCache', platform, props.baseCache);
    }
    if (platform.toolbox === undefined) {
      Annotations.of(this).addInfoV2(
        'bowline:no-toolbox',
        'the catalog names no toolbox, so that the projects get a curated CodeBuild image, which has not all the tools that the verbs run: "bowline bootstrap" makes the toolbox and writes its digest to platform.yaml',
      );
    }
  }
}

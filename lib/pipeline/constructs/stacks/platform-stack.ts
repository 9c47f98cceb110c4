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
import type { Platform, Service } from '../../../catalog';
import { accept } from '../../accept';
import { createProgramBundle } from '../../assets/bundle';
import { CatalogFiles } from '../../assets/catalog-files';
import { Alerts } from '../../monitoring/alerts';
import { ReleaseDashboard } from '../../monitoring/dashboard';
import { PipelineMonitor } from '../../monitoring/pipeline-monitor';
import { platformNames } from '../../names';
import { BaseCache, type CachedRegistry } from '../base-cache';
import { BinaryDelivery } from '../binary-delivery';
import { BowlineGate, KmsSigner, LedgerWriter } from '../default-strategies';
import type { BundleLocation } from '../release-pipeline';
import { Rescan } from '../rescan';
import type { StepProject } from '../step-project';
import type { ProjectHandle, Strategies } from '../strategies';

export interface PlatformStackProps<
  Scan extends ProjectHandle = ProjectHandle,
  Sign extends ProjectHandle = ProjectHandle,
  Promote extends ProjectHandle = ProjectHandle,
> extends StackProps {
  readonly platform: Platform;
  readonly services: readonly Service[];
  /** Folder of the catalog, which becomes part of the bundle. */
  readonly catalogDirectory: string;
  /** Folder of the bundled command line. @default the one of the package */
  readonly program?: string;
  /** Parts of the pipeline to replace. @default the built-in strategies */
  readonly strategies?: Strategies<ProjectHandle, Scan, Sign, Promote>;
  /** Public registries whose images ECR caches. @default none */
  readonly baseCache?: readonly CachedRegistry[];
  /** Names of the roles that sign and promote. Changes of these roles are reported. */
  readonly roles: readonly string[];
  /** Whether the events of IAM are forwarded to the region of the pipelines. */
  readonly roleEvents: boolean;
}

/** The resources that all pipelines of a platform share: artifacts, the bundle, the projects that scan, sign and promote, plain binaries and alerts. */
export class PlatformStack<
  Scan extends ProjectHandle = StepProject,
  Sign extends ProjectHandle = StepProject,
  Promote extends ProjectHandle = StepProject,
> extends Stack {
  readonly artifacts: s3.Bucket;
  /** The command line, and the whole catalog. */
  readonly bundle: BundleLocation;
  /** The files of the catalog, of which each service gets its part. */
  readonly catalogFiles: CatalogFiles;
  /** The projects that the strategies created. */
  readonly scan: Scan;
  readonly sign: Sign;
  readonly promote: Promote;
  readonly binaries: BinaryDelivery;
  readonly alerts: Alerts;
  readonly pipelineMonitor: PipelineMonitor;
  /** The daily judgement of what runs. */
  readonly rescan: Rescan;
  readonly dashboard: ReleaseDashboard;
  /** The cache of base images, if the platform caches registries. */
  readonly baseCache?: BaseCache;

  constructor(scope: Construct, id: string, props: PlatformStackProps<Scan, Sign, Promote>) {
    super(scope, id, props);
    const { platform, strategies, baseCache } = props;
    const program = createProgramBundle(props.program);
    this.catalogFiles = new CatalogFiles(props.catalogDirectory);
    const catalog = this.catalogFiles.all();
    const asset = new assets.Asset(this, 'Bundle', { path: program.path, assetHash: program.hash });
    const catalogAsset = new assets.Asset(this, 'Catalog', { path: catalog.path, assetHash: catalog.hash });
    this.bundle = {
      bucket: asset.s3BucketName,
      key: asset.s3ObjectKey,
      hash: program.hash,
      catalogKey: catalogAsset.s3ObjectKey,
      catalogHash: catalog.hash,
    };
    this.artifacts = new s3.Bucket(this, 'Artifacts', {
      bucketName: platformNames(platform).artifactBucket,
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      // Longer than an execution can wait for an approval or be retried.
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
        'each role reaches its own prefixes only, people only what their S3 permissions allow, and every step refuses a changed record by its hash; to log each access, enable data events in CloudTrail, which need no second bucket',
    });
    // Without a strategy, the type parameters are the types of the default projects.
    this.scan = (strategies?.gate ?? new BowlineGate()).bindGate(this, platform, props.services) as Scan;
    this.sign = (strategies?.signer ?? new KmsSigner()).bindSigner(this, platform) as Sign;
    this.promote = (strategies?.writer ?? new LedgerWriter()).bindWriter(this, platform) as Promote;
    this.binaries = new BinaryDelivery(this, 'Binaries', { platform });
    this.alerts = new Alerts(this, 'Alerts', { platform });
    this.pipelineMonitor = new PipelineMonitor(this, 'PipelineMonitor', {
      platform,
      topic: this.alerts.topic,
      projects: {
        scan: this.scan.projectName,
        sign: this.sign.projectName,
        promote: this.promote.projectName,
      },
      roles: props.roles,
      roleEvents: props.roleEvents,
    });
    this.rescan = new Rescan(this, 'Rescan', {
      platform,
      bundle: this.bundle,
      artifacts: this.artifacts,
      topic: this.alerts.topic,
    });
    this.dashboard = new ReleaseDashboard(this, 'Dashboard', { platform });
    if (baseCache !== undefined && baseCache.length > 0) {
      this.baseCache = new BaseCache(this, 'BaseCache', { platform, registries: baseCache });
    }
    if (platform.toolbox === undefined) {
      Annotations.of(this).addInfoV2(
        'bowline:no-toolbox',
        'the catalog names no toolbox, so the projects use a curated CodeBuild image, which lacks some tools of the pipeline steps: run "bowline bootstrap", which builds the toolbox and writes its digest to platform.yaml',
      );
    }
  }
}

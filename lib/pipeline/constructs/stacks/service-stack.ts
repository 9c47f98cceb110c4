import { aws_s3_assets as assets, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform, Service } from '../../../catalog';
import type { PullRequests } from '../pull-request-project';
import { ServicePipeline } from '../service-pipeline';
import type { StepProject } from '../step-project';
import type { ProjectHandle, Strategies } from '../strategies';
import type { PlatformStack } from './platform-stack';

export interface ServiceStackProps<Build extends ProjectHandle = ProjectHandle> extends StackProps {
  readonly platform: Platform;
  readonly service: Service;
  /** All services of the catalog by name: the pipeline gets what its service depends on. */
  readonly services: ReadonlyMap<string, Service>;
  /** The stack of the shared resources. */
  readonly shared: PlatformStack<ProjectHandle, ProjectHandle, ProjectHandle>;
  /** Parts of the pipeline to replace. @default the built-in strategies */
  readonly strategies?: Strategies<Build>;
  /** Which pull requests to build. @default pull requests are not built */
  readonly pullRequests?: PullRequests;
}

/** The stack of one service. It imports nothing from another stack, so it can be changed and removed on its own. */
export class ServiceStack<Build extends ProjectHandle = StepProject> extends Stack {
  readonly release: ServicePipeline<Build>;

  constructor(scope: Construct, id: string, props: ServiceStackProps<Build>) {
    super(scope, id, props);
    const { platform, service, shared, strategies, pullRequests } = props;
    const catalog = shared.catalogFiles.of(service, props.services);
    const asset = new assets.Asset(this, 'Catalog', { path: catalog.path, assetHash: catalog.hash });
    this.release = new ServicePipeline<Build>(this, 'Release', {
      platform,
      service,
      bundle: { ...shared.bundle, catalogKey: asset.s3ObjectKey, catalogHash: catalog.hash },
      projects: {
        scan: shared.scan.projectName,
        sign: shared.sign.projectName,
        promote: shared.promote.projectName,
      },
      pullRequests,
      builder: strategies?.builder,
    });
    this.addStackDependency(shared, 'its projects and bundle');
  }
}

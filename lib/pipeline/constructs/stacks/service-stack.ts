import { Stack, type StackProps } from 'aws-cdk-lib';
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
  /** What all pipelines share. */
  readonly shared: PlatformStack<ProjectHandle, ProjectHandle, ProjectHandle>;
  readonly strategies?: Strategies<Build>;
  readonly pullRequests?: PullRequests;
}

/** One service's stack: nothing in it is imported from another stack, so that each can be changed and removed by itself. */
export class ServiceStack<Build extends ProjectHandle = StepProject> extends Stack {
  readonly release: ServicePipeline<Build>;

  constructor(scope: Construct, id: string, props: ServiceStackProps<Build>) {
    super(scope, id, props);
    const { platform, service, shared, strategies, pullRequests } = props;
    this.release = new ServicePipeline<Build>(this, 'Release', {
      platform,
      service,
      bundle: shared.bundle,
      projects: {
        scan: shared.scan.projectName,
        sign: shared.sign.projectName,
        promote: shared.promote.projectName,
      },
      ...(pullRequests === undefined ? {} : { pullRequests }),
      ...(strategies?.builder === undefined ? {} : { builder: strategies.builder }),
    });
    this.addStackDependency(shared, 'its projects, keys and bundle');
  }
}

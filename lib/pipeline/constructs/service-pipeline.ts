import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { platformNames, type SharedStep } from '../names';
import { BuildKitBuilder } from './default-strategies';
import { PullRequestProject, type PullRequests } from './pull-request-project';
import { type BundleLocation, ReleasePipeline } from './release-pipeline';
import { ServiceRepositories } from './service-repositories';
import type { StepProject } from './step-project';
import type { ImageBuilder, ProjectHandle } from './strategies';

export interface ServicePipelineProps<Build extends ProjectHandle = ProjectHandle> {
  readonly platform: Platform;
  readonly service: Service;
  /** Location of the command line and the catalog. */
  readonly bundle: BundleLocation;
  /** Names of the projects that all services share. @default the projects of the built-in strategies */
  readonly projects?: Readonly<Record<SharedStep, string>>;
  /** Builds the image. @default BuildKitBuilder */
  readonly builder?: ImageBuilder<Build>;
  /** Which pull requests to build. @default pull requests are not built */
  readonly pullRequests?: PullRequests;
}

/** All AWS resources of one service: its repositories, its build and its pipeline. Use it in your own stack, or through `Platform`. */
export class ServicePipeline<Build extends ProjectHandle = StepProject> extends Construct {
  readonly repositories: ServiceRepositories;
  /** The project that the builder created. */
  readonly build: Build;
  readonly release: ReleasePipeline;
  /** The project that builds pull requests, if the platform builds them. */
  readonly pullRequests?: PullRequestProject;

  constructor(scope: Construct, id: string, props: ServicePipelineProps<Build>) {
    super(scope, id);
    const { platform, service, bundle, pullRequests } = props;
    const { project } = platformNames(platform);
    this.repositories = new ServiceRepositories(this, 'Repositories', { platform, service: service.name });
    // Without a builder, `Build` is the type of the default builder's project.
    this.build = (props.builder ?? new BuildKitBuilder()).bindBuilder(this, platform, service) as Build;
    const sharedProjects = props.projects ?? {
      scan: project('scan'),
      sign: project('sign'),
      promote: project('promote'),
    };
    this.release = new ReleasePipeline(this, 'Pipeline', {
      platform,
      service,
      bundle,
      projects: { build: this.build.projectName, ...sharedProjects },
    });
    if (pullRequests === undefined) {
      return;
    }
    if (canBuildPullRequests(platform)) {
      this.pullRequests = new PullRequestProject(this, 'PullRequests', { platform, service, bundle, ...pullRequests });
    } else {
      const provider = platform.source.kind === 'codecommit' ? 'CodeCommit' : platform.source.provider;
      Annotations.of(this).addWarningV2(
        'bowline:no-pull-requests',
        `pull requests of ${service.name} are not built: Bowline builds pull requests only if the source is on GitHub, got: ${provider}`,
      );
    }
  }
}

/** CodeBuild filters by author and approves forks only on GitHub. */
function canBuildPullRequests({ source }: Platform): boolean {
  return source.kind === 'connection' && source.provider === 'github';
}

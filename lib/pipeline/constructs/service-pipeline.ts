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
  readonly bundle: BundleLocation;
  /** Names of the projects that all services share. @default the names of the platform's own */
  readonly projects?: Readonly<Record<SharedStep, string>>;
  /** @default {@link BuildKitBuilder} */
  readonly builder?: ImageBuilder<Build>;
  /** Build pull requests too. @default none is built */
  readonly pullRequests?: PullRequests;
}

/** Everything of one service on AWS: its repositories, its build and its pipeline. Use it in a stack of your own, or through `Platform`. */
export class ServicePipeline<Build extends ProjectHandle = StepProject> extends Construct {
  readonly repositories: ServiceRepositories;
  readonly build: Build;
  readonly release: ReleasePipeline;
  readonly pullRequests?: PullRequestProject;

  constructor(scope: Construct, id: string, props: ServicePipelineProps<Build>) {
    super(scope, id);
    const { platform, service } = props;
    const { project } = platformNames(platform);
    this.repositories = new ServiceRepositories(this, 'Repositories', platform, service.name);
    // Where no builder is given, the type parameter is what the default makes.
    this.build = (props.builder ?? new BuildKitBuilder()).bindBuilder(this, platform, service) as Build;
    this.release = new ReleasePipeline(this, 'Pipeline', {
      platform,
      service,
      bundle: props.bundle,
      projects: {
        build: this.build.projectName,
        ...(props.projects ?? { scan: project('scan'), sign: project('sign'), promote: project('promote') }),
      },
    });
    if (props.pullRequests !== undefined && !buildsPullRequests(platform)) {
      Annotations.of(this).addWarningV2(
        'bowline:no-pull-requests',
        `pull requests of ${service.name} are not built: that is there for sources on GitHub alone, and these are on ${platform.source.kind === 'codecommit' ? 'CodeCommit' : platform.source.provider}`,
      );
    } else if (props.pullRequests !== undefined) {
      this.pullRequests = new PullRequestProject(this, 'PullRequests', {
        platform,
        service,
        bundle: props.bundle,
        ...props.pullRequests,
      });
    }
  }
}

/** CodeBuild's filters by author and approval of forks are GitHub's. */
function buildsPullRequests({ source }: Platform): boolean {
  return source.kind === 'connection' && source.provider === 'github';
}

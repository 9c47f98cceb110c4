import { ecrHost, type Platform, registryHost } from '../catalog';
import { type ImageRepository, imageRepository } from '../values';

/** Verbs that one project does for the whole platform. `build` has a project for each service. */
export const sharedSteps = ['scan', 'sign', 'promote'] as const;
export type SharedStep = (typeof sharedSteps)[number];

/** The names of what a platform shares on AWS. All are explicit: charts, verbs and the local run know them without asking a template. */
export interface PlatformNames {
  readonly artifactBucket: string;
  readonly project: (verb: SharedStep) => string;
  readonly role: (verb: SharedStep) => string;
  readonly keyAlias: (environmentClass: string) => string;
  /** Key reference for cosign. */
  readonly key: (environmentClass: string) => string;
  /** Plain binaries, and the SNS topic that tells of them. */
  readonly binariesBucket: string;
  readonly binariesTopic: string;
  /** SNS topic of alerts. */
  readonly topic: string;
  /** EventBridge rules that all services share: the quota counts them by account. */
  readonly rules: {
    readonly otherSigner: string;
    readonly keyChanged: string;
    readonly pipelineTampered: string;
    readonly rolesTampered: string;
    readonly monitoringTampered: string;
    readonly releaseFailed: string;
    readonly approvalWaiting: string;
    readonly slowRun: string;
    readonly binariesSigned: string;
  };
  /** The alarm on what the rules could not tell. */
  readonly notificationFailedAlarm: string;
  /** Role that sends events on roles to the region of the pipelines, where that is asked for. */
  readonly roleEvents: string;
  /** What makes the image that every verb runs in. */
  readonly toolbox: {
    readonly project: string;
    readonly role: string;
    /** Its ECR repository by name, and with the registry's host. */
    readonly repository: string;
    readonly image: ImageRepository;
  };
  /** Classes of environments, in order of promotion. */
  readonly classes: readonly string[];
}

/** The tag of what has no name of its own, such as a key: name and value. */
export function platformTag(platform: Platform): readonly [string, string] {
  return ['bowline:platform', platform.name];
}

export function platformNames(platform: Platform): PlatformNames {
  const { name, pipeline } = platform;
  return {
    artifactBucket: `${name}-artifacts-${pipeline.account}-${pipeline.region}`,
    project: (verb) => `${name}-${verb}`,
    role: (verb) => `${name}-${verb}`,
    keyAlias: (environmentClass) => `alias/${name}-${environmentClass}`,
    key: (environmentClass) => `awskms:///alias/${name}-${environmentClass}`,
    binariesBucket: `${name}-binaries-${pipeline.account}-${pipeline.region}`,
    binariesTopic: `${name}-binaries`,
    topic: `${name}-releases`,
    rules: {
      otherSigner: `${name}-other-signer`,
      keyChanged: `${name}-key-changed`,
      pipelineTampered: `${name}-road-touched`,
      rolesTampered: `${name}-roles-touched`,
      monitoringTampered: `${name}-watch-touched`,
      releaseFailed: `${name}-release-failed`,
      approvalWaiting: `${name}-approval-waiting`,
      slowRun: `${name}-slow-run`,
      binariesSigned: `${name}-binaries-signed`,
    },
    notificationFailedAlarm: `${name}-untold`,
    roleEvents: `${name}-role-events`,
    // No service's repositories are below platform/.
    toolbox: {
      project: `${name}-toolbox`,
      role: `${name}-toolbox`,
      repository: `${name}/platform/toolbox`,
      image: imageRepository(`${ecrHost(platform)}/${name}/platform/toolbox`),
    },
    classes: [...new Set(platform.environments.map((environment) => environment.class))],
  };
}

/** The names of what belongs to one service. */
export interface ServiceNames {
  readonly pipeline: string;
  readonly buildProject: string;
  readonly buildRole: string;
  readonly pipelineRole: string;
  /** What starts the pipeline where the source is in CodeCommit. */
  readonly pushRule: string;
  readonly pushRole: string;
  readonly pullRequestProject: string;
  readonly pullRequestRole: string;
  /** ECR repositories by name, without the registry's host. */
  readonly images: string;
  readonly signatures: string;
  readonly cache: string;
  /** Images and layers of pull requests. */
  readonly scratch: string;
  /** The same as verbs write them, with the registry's host. */
  readonly imageRepository: ImageRepository;
  readonly signatureRepository: ImageRepository;
  readonly cacheRepository: ImageRepository;
  readonly scratchRepository: ImageRepository;
}

export function serviceNames(platform: Platform, service: string): ServiceNames {
  const pipeline = `${platform.name}-${service}`;
  const images = `${platform.name}/${service}`;
  const signatures = `${platform.name}/signatures/${service}`;
  const cache = `${platform.name}/cache/${service}`;
  const scratch = `${platform.name}/cache/pull-requests/${service}`;
  const registry = registryHost(platform);
  return {
    pipeline,
    buildProject: `${pipeline}-build`,
    buildRole: `${pipeline}-build`,
    pipelineRole: `${pipeline}-run`,
    pushRule: `${pipeline}-push`,
    pushRole: `${pipeline}-start`,
    pullRequestProject: `${pipeline}-pr`,
    pullRequestRole: `${pipeline}-pr`,
    images,
    signatures,
    cache,
    scratch,
    imageRepository: imageRepository(`${registry}/${images}`),
    signatureRepository: imageRepository(`${registry}/${signatures}`),
    cacheRepository: imageRepository(`${registry}/${cache}`),
    scratchRepository: imageRepository(`${registry}/${scratch}`),
  };
}

/** `nonproduction` → `Nonproduction`, `eu-west` → `EuWest`: for stages, artifacts and namespaces. */
export function pascalCase(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

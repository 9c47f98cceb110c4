import { ecrHost, type Platform, registryHost } from '../catalog';
import { type ImageRepository, imageRepository } from '../values';

/** Pipeline steps that run in one project per platform, in the order of a release. */
export const sharedSteps = ['scan', 'sign', 'promote'] as const;
export type SharedStep = (typeof sharedSteps)[number];
/** A pipeline step. The `build` step has one project per service. */
export type PipelineStep = 'build' | SharedStep;

/**
 * Names of the AWS resources that the services of a platform share. Every name is explicit, so that charts, pipeline steps and the local run
 * know it without reading a template.
 */
export interface PlatformNames {
  readonly artifactBucket: string;
  readonly project: (step: SharedStep) => string;
  readonly role: (step: SharedStep) => string;
  readonly keyAlias: (environmentClass: string) => string;
  /** KMS key reference that cosign accepts. */
  readonly key: (environmentClass: string) => string;
  /** Bucket of plain binaries, and the SNS topic that announces them. */
  readonly binariesBucket: string;
  readonly binariesTopic: string;
  /** SNS topic that receives all alerts. */
  readonly topic: string;
  /** EventBridge rules that all services share, because the quota counts rules per account. */
  readonly rules: {
    readonly otherSigner: string;
    readonly keyChanged: string;
    readonly pipelineTampered: string;
    readonly sourceOverridden: string;
    readonly rolesTampered: string;
    readonly monitoringTampered: string;
    readonly releaseFailed: string;
    readonly approvalWaiting: string;
    readonly slowRun: string;
    readonly binariesSigned: string;
  };
  /** Alarm that fires when EventBridge fails to deliver a notification. */
  readonly notificationFailedAlarm: string;
  /** Role that forwards IAM events to the region of the pipelines, if the platform enables forwarding. */
  readonly roleEvents: string;
  /** Resources that judge every day what runs. */
  readonly rescan: {
    readonly pipeline: string;
    readonly pipelineRole: string;
    /** Lists what runs: reads the ledger. */
    readonly listProject: string;
    readonly listRole: string;
    /** Judges what runs: runs scanners. */
    readonly project: string;
    readonly role: string;
    /** Rule that starts the pipeline, and the role that it needs. */
    readonly schedule: string;
    readonly scheduleRole: string;
    /** Rule that reports a run that did not pass. */
    readonly failed: string;
    /** Alarm that fires when no run has passed for two days. */
    readonly missedAlarm: string;
  };
  /** Resources that build the toolbox: the image in which every pipeline step runs. */
  readonly toolbox: {
    readonly project: string;
    readonly role: string;
    /** ECR repository of the toolbox, by name and with the registry host. */
    readonly repository: string;
    readonly image: ImageRepository;
  };
  /** Environment classes, in promotion order. */
  readonly classes: readonly string[];
}

/** Name and value of the tag that marks resources without a physical name, such as KMS keys. */
export function platformTag(platform: Platform): readonly [string, string] {
  return ['bowline:platform', platform.name];
}

export function platformNames(platform: Platform): PlatformNames {
  const { name, pipeline } = platform;
  return {
    artifactBucket: `${name}-artifacts-${pipeline.account}-${pipeline.region}`,
    project: (step) => `${name}-${step}`,
    role: (step) => `${name}-${step}`,
    keyAlias: (environmentClass) => `alias/${name}-${environmentClass}`,
    key: (environmentClass) => `awskms:///alias/${name}-${environmentClass}`,
    binariesBucket: `${name}-binaries-${pipeline.account}-${pipeline.region}`,
    binariesTopic: `${name}-binaries`,
    topic: `${name}-releases`,
    rules: {
      otherSigner: `${name}-other-signer`,
      keyChanged: `${name}-key-changed`,
      pipelineTampered: `${name}-pipeline-tampered`,
      sourceOverridden: `${name}-source-overridden`,
      rolesTampered: `${name}-roles-tampered`,
      monitoringTampered: `${name}-monitoring-tampered`,
      releaseFailed: `${name}-release-failed`,
      approvalWaiting: `${name}-approval-waiting`,
      slowRun: `${name}-slow-run`,
      binariesSigned: `${name}-binaries-signed`,
    },
    notificationFailedAlarm: `${name}-notification-failed`,
    roleEvents: `${name}-role-events`,
    // Neither the name of a service's pipeline, which begins with "<platform>-", nor of its roles.
    rescan: {
      pipeline: `${name}.rescan`,
      pipelineRole: `${name}-rescan-pipeline`,
      listProject: `${name}-releases`,
      listRole: `${name}-releases`,
      project: `${name}-rescan`,
      role: `${name}-rescan`,
      schedule: `${name}-rescan-daily`,
      scheduleRole: `${name}-rescan-schedule`,
      failed: `${name}-rescan-failed`,
      missedAlarm: `${name}-rescan-missed`,
    },
    // The prefix platform/ is never used by a service.
    toolbox: {
      project: `${name}-toolbox`,
      role: `${name}-toolbox`,
      repository: `${name}/platform/toolbox`,
      image: imageRepository(`${ecrHost(platform)}/${name}/platform/toolbox`),
    },
    classes: [...new Set(platform.environments.map((environment) => environment.class))],
  };
}

/** Names of the AWS resources of one service. */
export interface ServiceNames {
  readonly pipeline: string;
  readonly buildProject: string;
  readonly buildRole: string;
  readonly pipelineRole: string;
  /** Rule and role that start the pipeline, if the source is in CodeCommit. */
  readonly pushRule: string;
  readonly pushRole: string;
  readonly pullRequestProject: string;
  readonly pullRequestRole: string;
  /** ECR repositories by name, without the registry host. */
  readonly images: string;
  readonly signatures: string;
  readonly cache: string;
  /** Images and layer cache of pull request builds. */
  readonly scratch: string;
  /** The same repositories with the registry host, as pipeline steps use them. */
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

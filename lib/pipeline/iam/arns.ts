import { artifactNameLengths, type Platform } from '../../catalog';
import { platformNames } from '../names';

/** ARNs in the pipeline account, as plain text: no CloudFormation intrinsic, and no import from another stack. */
export interface Arns {
  readonly repository: (name: string) => string;
  readonly project: (name: string) => string;
  readonly pipeline: (name: string) => string;
  readonly role: (name: string) => string;
  readonly policy: (name: string) => string;
  readonly logGroup: (name: string) => string;
  readonly secret: (name: string) => string;
  readonly codeCommit: (name: string) => string;
  readonly key: (id: string) => string;
  /** @param name with the prefix `alias/` */
  readonly alias: (name: string) => string;
  readonly topic: (name: string) => string;
  readonly eventBus: (name: string) => string;
  readonly rule: (name: string) => string;
  readonly alarm: (name: string) => string;
  readonly dashboard: (name: string) => string;
  /** @param name without the leading slash */
  readonly parameter: (name: string) => string;
  readonly artifactBucket: string;
  readonly artifacts: (pipeline: string, artifact: string) => string;
  readonly bucket: (name: string) => string;
  readonly accountRoot: (account: string) => string;
}

export function arnsOf(platform: Platform): Arns {
  const { account, region } = platform.pipeline;
  const partition = partitionOf(region);
  const regional = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const bucket = (name: string) => `arn:${partition}:s3:::${name}`;
  const artifactBucket = bucket(platformNames(platform).artifactBucket);
  return {
    repository: (name) => regional('ecr', `repository/${name}`),
    project: (name) => regional('codebuild', `project/${name}`),
    pipeline: (name) => regional('codepipeline', name),
    policy: (name) => `arn:${partition}:iam::${account}:policy/${name}`,
    role: (name) => `arn:${partition}:iam::${account}:role/${name}`,
    logGroup: (name) => regional('logs', `log-group:${name}`),
    // Secrets Manager appends six random characters to every name.
    secret: (name) => regional('secretsmanager', `secret:${name}-??????`),
    alias: (name) => regional('kms', name),
    topic: (name) => regional('sns', name),
    eventBus: (name) => regional('events', `event-bus/${name}`),
    rule: (name) => regional('events', `rule/${name}`),
    alarm: (name) => regional('cloudwatch', `alarm:${name}`),
    dashboard: (name) => `arn:${partition}:cloudwatch::${account}:dashboard/${name}`,
    parameter: (name) => regional('ssm', `parameter/${name}`),
    key: (id) => regional('kms', `key/${id}`),
    codeCommit: (name) => regional('codecommit', name),
    artifactBucket,
    artifacts: (pipeline, artifact) =>
      `${artifactBucket}/${pipeline.slice(0, artifactNameLengths.pipeline)}/${artifact.slice(0, artifactNameLengths.artifact)}/*`,
    bucket,
    accountRoot: (other) => `arn:${partition}:iam::${other}:root`,
  };
}

/** Returns the AWS partition of a region. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

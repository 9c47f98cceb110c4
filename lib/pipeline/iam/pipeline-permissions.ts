import type { Platform, Service } from '../../catalog';
import { platformNames, serviceNames, sharedSteps } from '../names';
import { type Arns, arnsOf } from './arns';
import type { Permission } from './permission';
import {
  baseImagePermissions,
  logAndImagePermissions,
  pullImageActions,
  pushImageActions,
  randomArtifactNames,
  readObjectActions,
  writeObjectActions,
} from './shared-permissions';
import { clonesSource, connectionPrefixes, sourcePermission, useConnectionPermission } from './source-permissions';
import type { BundleObjects } from './step-permissions';

export interface PipelinePermissionsProps {
  readonly platform: Platform;
  readonly service: Service;
  readonly bundle: BundleObjects;
  /** Names of the projects that the pipeline starts. @default the projects of the built-in strategies */
  readonly projects?: readonly string[];
}

/** The pipeline of one service. Its role also runs its actions: it starts the projects and moves the artifacts. */
export function pipelinePermissions(props: PipelinePermissionsProps): readonly Permission[] {
  const { platform, service, bundle } = props;
  const { pipeline, buildProject } = serviceNames(platform, service.name);
  const projects = props.projects ?? [buildProject, ...sharedSteps.map(platformNames(platform).project)];
  return [
    ...runPipelinePermissions({ platform, pipeline, projects, bundle }),
    sourcePermission(platform, service, arnsOf(platform)),
  ];
}

export interface RunPipelinePermissionsProps {
  readonly platform: Platform;
  readonly pipeline: string;
  /** Names of the projects that the pipeline starts. */
  readonly projects: readonly string[];
  readonly bundle: BundleObjects;
}

/** What the role of any pipeline needs to run its projects with the bundle as a source. */
export function runPipelinePermissions(props: RunPipelinePermissionsProps): readonly Permission[] {
  const { platform, pipeline, projects, bundle } = props;
  const arns = arnsOf(platform);
  return [
    {
      id: 'RunProjects',
      actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'],
      resources: projects.map(arns.project),
    },
    {
      id: 'MoveArtifacts',
      // CodePipeline stores sources with an ACL, without which a connection's source fails (aws/aws-cdk#13557):
      // https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
      actions: [...readObjectActions, ...writeObjectActions, 's3:PutObjectAcl'],
      resources: [arns.artifacts(pipeline, '*')],
      wildcard: randomArtifactNames,
    },
    {
      id: 'FindArtifacts',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [arns.artifactBucket],
    },
    { id: 'ReadBundle', actions: readObjectActions, resources: bundleObjects(arns, bundle) },
    {
      id: 'FindBundle',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [arns.bucket(bundle.bucket)],
    },
  ];
}

/** The rule that starts the pipeline of one service after a push to CodeCommit. */
export function pushPermissions(platform: Platform, service: Service): readonly Permission[] {
  return [
    {
      id: 'StartPipeline',
      actions: ['codepipeline:StartPipelineExecution'],
      resources: [arnsOf(platform).pipeline(serviceNames(platform, service.name).pipeline)],
    },
  ];
}

/** The rule that forwards IAM events to the event bus in the region of the pipelines. */
export function roleEventsPermissions(platform: Platform): readonly Permission[] {
  return [{ id: 'ForwardEvents', actions: ['events:PutEvents'], resources: [arnsOf(platform).eventBus('default')] }];
}

export interface PullRequestPermissionsProps {
  readonly platform: Platform;
  readonly service: Service;
  readonly bundle: BundleObjects;
  /** ARN of a connection that reaches application repositories only. */
  readonly connection: string;
}

/**
 * The pull request builds of one service, in which unreviewed code runs with these permissions. CodeBuild clones with a token of the connection,
 * so that code can read, and if the provider's app may, write every repository that the connection reaches.
 */
export function pullRequestPermissions(props: PullRequestPermissionsProps): readonly Permission[] {
  const { platform, service, bundle, connection } = props;
  const arns = arnsOf(platform);
  const names = serviceNames(platform, service.name);
  const { repository, submodules } = service.source;
  const cloned = clonesSource(service) ? [repository, ...submodules] : [repository];
  return [
    ...logAndImagePermissions(platform, arns, names.pullRequestProject),
    {
      id: 'PushScratch',
      actions: [...pullImageActions, ...pushImageActions],
      resources: [arns.repository(names.scratch)],
    },
    ...baseImagePermissions(platform, arns),
    { id: 'ReadBundle', actions: readObjectActions, resources: bundleObjects(arns, bundle) },
    { id: 'FindBundle', actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [arns.bucket(bundle.bucket)] },
    {
      id: 'GetSourceToken',
      // https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html lists the actions under both prefixes.
      actions: connectionPrefixes.flatMap((prefix) => [`${prefix}:GetConnection`, `${prefix}:GetConnectionToken`]),
      // GetConnectionToken supports no condition, so the token cannot be limited to a repository.
      resources: [connection],
    },
    useConnectionPermission(connection, cloned),
  ];
}

function bundleObjects(arns: Arns, { bucket, key, catalogKey }: BundleObjects): readonly string[] {
  return [...new Set([key, catalogKey])].map((each) => `${arns.bucket(bucket)}/${each}`);
}

import type { Platform, Service } from '../../catalog';
import { platformNames, serviceNames, sharedSteps } from '../names';
import { type Arns, arnsOf } from './arns';
import type { Permission } from './permission';
import { artifactNames, logAndImagePermissions, pull, baseImagePermissions, push, read, write } from './shared-permissions';

/**
 * The pipeline of one service, which also acts for its actions: it starts its projects and moves artifacts.
 * @param projects names of the projects that it may start
 */
export function pipelinePermissions(
  platform: Platform,
  service: Service,
  bundle: { readonly bucket: string; readonly key: string },
  projects: readonly string[] = [
    serviceNames(platform, service.name).buildProject,
    ...sharedSteps.map(platformNames(platform).project),
  ],
): readonly Permission[] {
  const arns = arnsOf(platform);
  const names = serviceNames(platform, service.name);
  return [
    {
      id: 'RunProjects',
      actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'],
      resources: projects.map(arns.project),
    },
    {
      id: 'MoveArtifacts',
      actions: [...read, ...write],
      resources: [arns.artifacts(names.pipeline, '*')],
      wildcard: artifactNames,
    },
    {
      id: 'FindArtifacts',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [arns.artifactBucket],
    },
    { id: 'ReadBundle', actions: read, resources: [`${arns.bucket(bundle.bucket)}/${bundle.key}`] },
    {
      id: 'FindBundle',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
      resources: [arns.bucket(bundle.bucket)],
    },
    readSource(platform, service, arns),
  ];
}

function readSource({ source }: Platform, service: Service, arns: Arns): Permission {
  return source.kind === 'codecommit'
    ? {
        id: 'ReadSource',
        actions: [
          'codecommit:CancelUploadArchive',
          'codecommit:GetBranch',
          'codecommit:GetCommit',
          'codecommit:GetRepository',
          'codecommit:GetUploadArchiveStatus',
          'codecommit:UploadArchive',
        ],
        resources: [arns.codeCommit(service.source.repository)],
      }
    : useConnection('ReadSource', requireConnection(source), service);
}

/** Prefixes of IAM: the service changed its name, and a connection is asked for by either, whatever its ARN begins with. */
const connectionPrefixes = ['codeconnections', 'codestar-connections'] as const;

/**
 * Reading the one repository of a service through a connection, which may lead to many. `ForAllValues`, as AWS's own example has it: what is asked
 * about no repository in particular comes without the key.
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/security_iam_id-based-policy-examples-connections.html
 */
function useConnection(id: string, connection: string, { source }: Service): Permission {
  return {
    id,
    actions: connectionPrefixes.map((prefix) => `${prefix}:UseConnection`),
    resources: [connection],
    conditions: {
      'ForAllValues:StringEquals': Object.fromEntries(
        connectionPrefixes.map((prefix) => [`${prefix}:FullRepositoryId`, source.repository]),
      ),
    },
  };
}

/** A push to CodeCommit starts the pipeline of its service, and no other. */
export function pushPermissions(platform: Platform, service: Service): readonly Permission[] {
  return [
    {
      id: 'StartPipeline',
      actions: ['codepipeline:StartPipelineExecution'],
      resources: [arnsOf(platform).pipeline(serviceNames(platform, service.name).pipeline)],
    },
  ];
}

/** Events on roles go to the bus of the pipelines' region, and nowhere else. */
export function roleEventsPermissions(platform: Platform): readonly Permission[] {
  return [{ id: 'SendOn', actions: ['events:PutEvents'], resources: [arnsOf(platform).eventBus('default')] }];
}

/** @throws Error where there is none: a catalog that was checked has one */
export function requireConnection({ connection }: Platform['source']): string {
  if (connection === undefined) {
    throw new Error('`source.connection` of the platform must be the ARN of a connection, got none');
  }
  return connection;
}

/**
 * Pull requests of one service: code that nobody has reviewed runs beside these rights. CodeBuild clones by a token that it gets with them, so
 * whatever the connection leads to is within reach of that code, to read and, where the provider's app may, to write.
 * @param connection one of its own, that leads to application repositories alone
 */
export function pullRequestPermissions(
  platform: Platform,
  service: Service,
  bundle: { readonly bucket: string; readonly key: string },
  connection: string,
): readonly Permission[] {
  const arns = arnsOf(platform);
  const names = serviceNames(platform, service.name);
  return [
    ...logAndImagePermissions(platform, arns, names.pullRequestProject),
    { id: 'PushScratch', actions: [...pull, ...push], resources: [arns.repository(names.scratch)] },
    ...baseImagePermissions(platform, arns),
    { id: 'ReadBundle', actions: read, resources: [`${arns.bucket(bundle.bucket)}/${bundle.key}`] },
    { id: 'FindBundle', actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [arns.bucket(bundle.bucket)] },
    {
      id: 'GetSourceToken',
      // https://docs.aws.amazon.com/codebuild/latest/userguide/connections-github-app.html asks for them by both names.
      actions: connectionPrefixes.flatMap((prefix) => [`${prefix}:GetConnection`, `${prefix}:GetConnectionToken`]),
      resources: [connection],
      // A token can't be narrowed to a repository: GetConnectionToken knows no condition.
    },
    useConnection('ReadSource', connection, service),
  ];
}

import type { Platform } from '../../catalog';
import { ecrBaseRepositories } from '../ecr-base-repositories';
import type { Arns } from './arns';
import { codeCommitLedgerName } from './codecommit-ledger';
import type { Permission } from './permission';

/** Actions that a client needs to pull an image. */
export const pullImageActions = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
] as const;
/** Additional actions that a client needs to push an image. */
export const pushImageActions = [
  'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload',
  'ecr:PutImage',
  'ecr:UploadLayerPart',
] as const;
export const readObjectActions = ['s3:GetObject', 's3:GetObjectVersion'] as const;
export const writeObjectActions = ['s3:PutObject'] as const;

/** A wildcard that matches a sha256 in hexadecimal. */
export const sha256Wildcard = '?'.repeat(64);

/** Reason for the wildcard at the end of an artifact's name. */
export const randomArtifactNames = 'CodePipeline ends the name of every artifact with random characters';
/** Reason for the wildcard of a project that serves all services. */
export const sharedByAllServices = "one project serves all services, whose repositories begin with the platform's name";

/** Permissions of every step project: its log, the registry login, the toolbox image, and the location of the artifact bucket. */
export function stepProjectPermissions(platform: Platform, arns: Arns, project: string): readonly Permission[] {
  return [
    ...logAndImagePermissions(platform, arns, project),
    // CodeBuild inspects the bucket before it reads an artifact.
    { id: 'FindArtifacts', actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [arns.artifactBucket] },
  ];
}

/** Permissions to write the project's log and to pull the toolbox. */
export function logAndImagePermissions(platform: Platform, arns: Arns, project: string): readonly Permission[] {
  return [...logAndLoginPermissions(arns, project), ...toolboxPullPermissions(platform, arns)];
}

/** Permissions to write the project's log and to log in to the registry. */
export function logAndLoginPermissions(arns: Arns, project: string): readonly Permission[] {
  return [
    {
      id: 'WriteOwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arns.logGroup(`${logGroupName(project)}:*`)],
      wildcard: 'CodeBuild creates a log stream for every build',
    },
    {
      id: 'LogInToRegistry',
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      wildcard: 'the action supports no resource; the token grants only what the role allows',
    },
  ];
}

/** If the toolbox is in a registry of the pipeline account, the project's own role pulls it. */
function toolboxPullPermissions({ toolbox, pipeline }: Platform, arns: Arns): readonly Permission[] {
  const { account, region } = pipeline;
  const repository = new RegExp(
    `^${account}\\.dkr\\.ecr\\.${region}\\.amazonaws\\.com(?:\\.cn)?/(?<name>[^@:]+)@`,
  ).exec(toolbox ?? '')?.groups?.name;
  return repository === undefined
    ? []
    : [{ id: 'PullToolbox', actions: pullImageActions, resources: [arns.repository(repository)] }];
}

/** Permissions to pull base images from the account's own registry. ECR fetches a missing image of a cached repository from its upstream. */
export function baseImagePermissions(platform: Platform, arns: Arns): readonly Permission[] {
  const bases = ecrBaseRepositories(platform);
  const cachedBases = bases.filter(({ isCached }) => isCached);
  const permissions: Permission[] = [];
  if (bases.length > 0) {
    permissions.push({
      id: 'PullBases',
      actions: pullImageActions,
      resources: bases.map(({ repository }) => arns.repository(repository)),
    });
  }
  if (cachedBases.length > 0) {
    permissions.push({
      id: 'FetchBases',
      actions: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'],
      resources: cachedBases.map(({ repository }) => arns.repository(repository)),
    });
  }
  return permissions;
}

/** Permissions of a shared project on the artifacts of every pipeline, by artifact name. */
export function artifactPermissions(
  platform: Platform,
  arns: Arns,
  artifacts: { readonly inputs: readonly string[]; readonly output: string },
): readonly Permission[] {
  const wildcard = `${randomArtifactNames}; and one project serves all pipelines`;
  const inAllPipelines = (artifact: string) => `${arns.artifactBucket}/${platform.name}-*/${artifact}/*`;
  return [
    {
      id: 'ReadInputs',
      actions: readObjectActions,
      resources: artifacts.inputs.map(inAllPipelines),
      wildcard,
    },
    { id: 'WriteOutput', actions: writeObjectActions, resources: [inAllPipelines(artifacts.output)], wildcard },
  ];
}

/**
 * Permission to read or write the ledger: one secret, or one CodeCommit repository. The secret of a GitHub App is the same for both; a job that
 * reads asks for a token that can only read.
 */
export function ledgerPermissions(platform: Platform, arns: Arns, use: 'read' | 'write'): readonly Permission[] {
  const { credential } = platform.ledger;
  switch (credential?.kind) {
    case undefined:
      return [];
    case 'github-app':
      return [
        {
          id: 'ReadGitCredential',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [arns.secret(credential.secret)],
          wildcard: 'Secrets Manager appends six random characters to the name of every secret',
        },
      ];
    case 'codecommit':
      return [
        {
          id: use === 'read' ? 'ReadLedger' : 'WriteLedger',
          actions: ['codecommit:GitPull', ...(use === 'read' ? [] : ['codecommit:GitPush'])],
          resources: [arns.codeCommit(codeCommitLedgerName(platform))],
        },
      ];
  }
}

/** Name of a project's log group. */
export function logGroupName(project: string): string {
  return `/bowline/${project}`;
}

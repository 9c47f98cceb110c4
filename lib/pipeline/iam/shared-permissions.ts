import type { Platform } from '../../catalog';
import { codeCommitLedgerName } from './codecommit-ledger';
import { ecrBaseRepositories } from '../ecr-base-repositories';
import type { Arns } from './arns';
import type { Permission } from './permission';

/** What a client needs to read an image. */
export const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
/** What it needs besides to write one. */
export const push = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
export const read = ['s3:GetObject', 's3:GetObjectVersion'];
export const write = ['s3:PutObject'];

/** As many characters as a sha256 has. */
export const sha256Wildcard = '?'.repeat(64);

/** Reasons of wildcards. */
export const artifactNames = 'CodePipeline ends the name of every artifact at random';
export const allServices = "one project works for all services, whose repositories begin with the platform's name";

/** What every verb's project needs: its log, the registry's login, the toolbox's image. */
export function common(platform: Platform, arns: Arns, project: string): readonly Permission[] {
  return [
    ...logAndImagePermissions(platform, arns, project),
    // CodeBuild looks at the bucket before it takes an artifact out of it.
    { id: 'FindArtifacts', actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [arns.artifactBucket] },
  ];
}

/** To write its log, and to read images. */
export function logAndImagePermissions(platform: Platform, arns: Arns, project: string): readonly Permission[] {
  return [...logAndLoginPermissions(arns, project), ...toolbox(platform, arns)];
}

/** To write its log, and to log in to the registry. */
export function logAndLoginPermissions(arns: Arns, project: string): readonly Permission[] {
  return [
    {
      id: 'WriteOwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arns.logGroup(`${logGroupName(project)}:*`)],
      wildcard: 'CodeBuild names a stream of its log for every build',
    },
    {
      id: 'LogInToRegistry',
      actions: ['ecr:GetAuthorizationToken'],
      resources: ['*'],
      wildcard: 'the action knows no resource: it gives a password for what the role may do anyway',
    },
  ];
}

/** A toolbox in a registry of the pipeline account is pulled by the project's own role. */
export function toolbox({ toolbox, pipeline }: Platform, arns: Arns): readonly Permission[] {
  const own = new RegExp(
    `^${pipeline.account}\\.dkr\\.ecr\\.${pipeline.region}\\.amazonaws\\.com(?:\\.cn)?/([^@:]+)@`,
  ).exec(toolbox ?? '');
  return own ? [{ id: 'PullToolbox', actions: pull, resources: [arns.repository(own[1] as string)] }] : [];
}

/** Bases that the catalog names in the account's own registry; what is missing of a cached one comes from its upstream then. */
export function baseImagePermissions(platform: Platform, arns: Arns): readonly Permission[] {
  const bases = ecrBaseRepositories(platform);
  const repositories = (of: typeof bases) => of.map(({ repository }) => arns.repository(repository));
  const cached = bases.filter((base) => base.cached);
  return [
    ...(bases.length === 0 ? [] : [{ id: 'PullBases', actions: pull, resources: repositories(bases) }]),
    ...(cached.length === 0
      ? []
      : [
          {
            id: 'FetchBases',
            actions: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'],
            resources: repositories(cached),
          },
        ]),
  ];
}

/** Artifacts of every pipeline of the platform, by the artifact's name. */
export function artifacts(
  platform: Platform,
  arns: Arns,
  inputs: readonly string[],
  output: string,
): readonly Permission[] {
  const wildcard = `${artifactNames}; and one project works for all pipelines`;
  const all = (artifact: string) => `${arns.artifactBucket}/${platform.name}-*/${artifact}/*`;
  return [
    { id: 'ReadInputs', actions: read, resources: inputs.map(all), wildcard },
    { id: 'WriteOutput', actions: write, resources: [all(output)], wildcard },
  ];
}

/** To reach the ledger: one secret, or one repository. */
export function ledgerCredential(platform: Platform, arns: Arns): readonly Permission[] {
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
          wildcard: 'Secrets Manager ends the name of every secret with six characters of its own',
        },
      ];
    case 'codecommit':
      return [
        {
          id: 'WriteLedger',
          actions: ['codecommit:GitPull', 'codecommit:GitPush'],
          resources: [arns.codeCommit(codeCommitLedgerName(platform))],
        },
      ];
  }
}

/** The log group of a project. */
export function logGroupName(project: string): string {
  return `/bowline/${project}`;
}

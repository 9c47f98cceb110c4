import type { Platform, Service } from '../catalog';
import { binariesEventSource, binariesEventType } from '../release';
import { type Arns, arnsOf } from './arns';
import { codeCommitLedger } from './ledger-repository';
import { platformNames, serviceNames, sharedVerbs } from './names';
import { ownBases } from './own-bases';
import type { Permission } from './permission';

/** What a client needs to read an image. */
const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
/** What it needs besides to write one. */
const push = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const read = ['s3:GetObject', 's3:GetObjectVersion'];
const write = ['s3:PutObject'];

/** As many characters as a sha256 has. */
const anyHash = '?'.repeat(64);

const objects = 'CodePipeline ends the name of every artifact at random';
const services = "one project works for all services, whose repositories begin with the platform's name";

/** The build of one service: pushes its image and its cache. No signing key, no other repository, no secret. */
export function buildPermissions(platform: Platform, service: Service): readonly Permission[] {
  const arns = arnsOf(platform);
  const names = serviceNames(platform, service.name);
  return [
    ...common(platform, arns, names.buildProject),
    {
      id: 'ReadSourceAndBundle',
      actions: read,
      resources: [arns.artifacts(names.pipeline, 'Source'), arns.artifacts(names.pipeline, 'Bowline')],
      wildcard: objects,
    },
    { id: 'WriteBuilt', actions: write, resources: [arns.artifacts(names.pipeline, 'Built')], wildcard: objects },
    {
      id: 'PushImageAndCache',
      actions: [...pull, ...push],
      resources: [arns.repository(names.images), arns.repository(names.cache)],
    },
    ...pullBases(platform, arns),
    ...(service.build.binaries.length === 0
      ? []
      : [
          {
            id: 'KeepBinaries',
            actions: ['s3:GetObject', 's3:PutObject'],
            // The files themselves, and not all below the service's name: signatures lie there, too.
            resources: [`${service.name}-*`, 'SHA256SUMS'].map(
              (file) => `${arns.bucket(platformNames(platform).binariesBucket)}/${service.name}/${anyHash}/${file}`,
            ),
            wildcard: 'binaries lie by the hash of what they are, and are named by their platforms',
          },
          {
            id: 'FindBinaries',
            actions: ['s3:ListBucket'],
            resources: [arns.bucket(platformNames(platform).binariesBucket)],
          },
        ]),
  ];
}

/** The project that makes the toolbox: nothing of a release is in its reach. */
export function toolboxPermissions(
  platform: Platform,
  context: { readonly bucket: string; readonly key: string },
): readonly Permission[] {
  const arns = arnsOf(platform);
  const { project, repository } = platformNames(platform).toolbox;
  return [
    ...logAndLogin(arns, project),
    { id: 'PushToolbox', actions: [...pull, ...push], resources: [arns.repository(repository)] },
    ...pullBases(platform, arns),
    { id: 'ReadContext', actions: read, resources: [`${arns.bucket(context.bucket)}/${context.key}`] },
    {
      id: 'FindContext',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
      resources: [arns.bucket(context.bucket)],
    },
  ];
}

/** The scan of every service: reads images. Scanners run with these rights, so they are few. */
export function scanPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  return [
    ...common(platform, arns, platformNames(platform).project('scan')),
    ...artifacts(platform, arns, ['Source', 'Bowline', 'Built'], 'Scanned'),
    { id: 'PullImages', actions: pull, resources: [arns.repository(`${platform.name}/*`)], wildcard: services },
  ];
}

/** The only role that may sign. It reads images, and writes to signature repositories alone. */
export function signPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  const { classes, keyAlias, binariesBucket } = platformNames(platform);
  const binaries = arns.bucket(binariesBucket);
  return [
    ...common(platform, arns, platformNames(platform).project('sign')),
    ...artifacts(platform, arns, ['Bowline', 'Scanned', 'Signed*'], 'Signed*'),
    { id: 'PullImages', actions: pull, resources: [arns.repository(`${platform.name}/*`)], wildcard: services },
    {
      id: 'PushSignatures',
      actions: push,
      resources: [arns.repository(`${platform.name}/signatures/*`)],
      wildcard: services,
    },
    {
      id: 'ReadChecksums',
      actions: ['s3:GetObject'],
      resources: [`${binaries}/*/SHA256SUMS`],
      wildcard: 'binaries lie by the hash of what they are',
    },
    {
      id: 'SignBinaries',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${binaries}/*/signatures/*.json`],
      wildcard: 'signatures lie beside the binaries, which lie by the hash of what they are',
    },
    {
      // S3 says "no such key" only to those who may list; to others it says "denied", and that is no answer.
      id: 'FindBinaries',
      actions: ['s3:ListBucket'],
      resources: [binaries],
    },
    {
      id: 'TellOfBinaries',
      actions: ['events:PutEvents'],
      resources: [arns.eventBus('default')],
      conditions: { StringEquals: { 'events:source': binariesEventSource, 'events:detail-type': binariesEventType } },
    },
    {
      id: 'Sign',
      // cosign asks for the key's public half and its algorithms before it signs.
      actions: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
      resources: [arns.key('*')],
      wildcard:
        "keys are known by their alias, so that a class can get a new key; the condition names the aliases, and the key's own policy has to name this role",
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': classes.map(keyAlias) } },
    },
  ];
}

/** Promotion verifies with committed public keys, so it needs no key; it writes to git, by one credential, and nowhere on AWS. */
export function promotePermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  return [
    ...common(platform, arns, platformNames(platform).project('promote')),
    ...artifacts(platform, arns, ['Bowline', 'Signed*'], 'Promoted*'),
    {
      id: 'PullImagesAndSignatures',
      actions: pull,
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: services,
    },
    ...ledgerCredential(platform, arns),
  ];
}

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
    ...sharedVerbs.map(platformNames(platform).project),
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
      wildcard: objects,
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
    : useConnection('ReadSource', connectionOf(source), service);
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
export function connectionOf({ connection }: Platform['source']): string {
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
    ...logAndRegistry(platform, arns, names.pullRequestProject),
    { id: 'PushScratch', actions: [...pull, ...push], resources: [arns.repository(names.scratch)] },
    ...pullBases(platform, arns),
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

function common(platform: Platform, arns: Arns, project: string): readonly Permission[] {
  return [
    ...logAndRegistry(platform, arns, project),
    // CodeBuild looks at the bucket before it takes an artifact out of it.
    { id: 'FindArtifacts', actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'], resources: [arns.artifactBucket] },
  ];
}

function logAndRegistry(platform: Platform, arns: Arns, project: string): readonly Permission[] {
  return [...logAndLogin(arns, project), ...toolbox(platform, arns)];
}

function logAndLogin(arns: Arns, project: string): readonly Permission[] {
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
function toolbox({ toolbox, pipeline }: Platform, arns: Arns): readonly Permission[] {
  const own = new RegExp(
    `^${pipeline.account}\\.dkr\\.ecr\\.${pipeline.region}\\.amazonaws\\.com(?:\\.cn)?/([^@:]+)@`,
  ).exec(toolbox ?? '');
  return own ? [{ id: 'PullToolbox', actions: pull, resources: [arns.repository(own[1] as string)] }] : [];
}

/** Bases that the catalog names in the account's own registry; what is missing of a cached one comes from its upstream then. */
function pullBases(platform: Platform, arns: Arns): readonly Permission[] {
  const bases = ownBases(platform);
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
function artifacts(platform: Platform, arns: Arns, inputs: readonly string[], output: string): readonly Permission[] {
  const wildcard = `${objects}; and one project works for all pipelines`;
  const all = (artifact: string) => `${arns.artifactBucket}/${platform.name}-*/${artifact}/*`;
  return [
    { id: 'ReadInputs', actions: read, resources: inputs.map(all), wildcard },
    { id: 'WriteOutput', actions: write, resources: [all(output)], wildcard },
  ];
}

function ledgerCredential(platform: Platform, arns: Arns): readonly Permission[] {
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
          resources: [arns.codeCommit(codeCommitLedger(platform))],
        },
      ];
  }
}

/** The log group of a project. */
export function logGroupName(project: string): string {
  return `/bowline/${project}`;
}

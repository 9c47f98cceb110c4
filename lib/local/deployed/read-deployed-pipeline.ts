import { BatchGetProjectsCommand, CodeBuildClient, type Project as CodeBuildProject } from '@aws-sdk/client-codebuild';
import {
  CodePipelineClient,
  GetPipelineCommand,
  type PipelineDeclaration,
  type StageDeclaration,
} from '@aws-sdk/client-codepipeline';
import { quietSdk } from '../../aws';
import { BowlineError, badInput, inconclusive } from '../../errors';
import type { Place } from '../assembly/intrinsics';
import type { PipelineAction, Project, SynthesizedPipeline } from '../assembly/read-assembly';
import { localCredentials } from '../services/local-s3';

/** A pipeline as AWS describes it. */
export interface DeployedPipeline extends SynthesizedPipeline {
  /** Starts at 1, and increases with every update of the pipeline. */
  readonly version: number;
  readonly artifactBucket: string;
}

/** The endpoint of an AWS, with its account and region. */
export interface AwsEndpoint extends Place {
  readonly endpoint: string;
}

/**
 * Reads a pipeline and its projects through the APIs: GetPipeline of CodePipeline and BatchGetProjects of CodeBuild.
 * @throws BowlineError `input` when the pipeline or one of its projects does not exist
 * @throws BowlineError `no-aws` (exit 1) when the endpoint does not respond like AWS
 * @throws Error when the pipeline has a setting that the local run does not support
 */
export async function readDeployedPipeline(aws: AwsEndpoint, name: string): Promise<DeployedPipeline> {
  quietSdk();
  const settings = { endpoint: aws.endpoint, region: aws.region, credentials: localCredentials };
  const declaration = await getPipeline(new CodePipelineClient(settings), aws, name);
  const actions = parseActions(declaration);
  const names = actions.flatMap(({ provider, configuration }) =>
    provider === 'CodeBuild' ? [String(configuration.ProjectName)] : [],
  );
  const bucket = declaration.artifactStore?.location;
  if (bucket === undefined) {
    throw new Error(`the pipeline ${name} has no artifactStore: the local run supports exactly one artifact bucket`);
  }
  return {
    name,
    place: { account: aws.account, region: aws.region },
    version: declaration.version ?? 1,
    artifactBucket: bucket,
    actions,
    projects: await getProjects(new CodeBuildClient(settings), aws, [...new Set(names)]),
  };
}

async function getPipeline(client: CodePipelineClient, aws: AwsEndpoint, name: string): Promise<PipelineDeclaration> {
  const missing = badInput(
    'input',
    `${aws.endpoint} has no pipeline ${name} in account ${aws.account}, ${aws.region}: deploy it first ("npx cdk deploy --all"; docs/how-to/local-aws.md)`,
  );
  try {
    const { pipeline } = await client.send(new GetPipelineCommand({ name }));
    if (pipeline === undefined) {
      throw missing;
    }
    return pipeline;
  } catch (error) {
    throw (error as Error).name === 'PipelineNotFoundException' ? missing : noAwsError(error, aws);
  }
}

/** The error for an endpoint that does not respond like AWS. */
function noAwsError(error: unknown, { endpoint }: AwsEndpoint): Error {
  const { name, message } = error as Error;
  return error instanceof BowlineError
    ? error
    : inconclusive(
        'no-aws',
        `${endpoint} does not respond like AWS (${message || name}): expected a local AWS. Start one with "npm run aws:local"`,
      );
}

/** The fields of a declaration, its stages and its actions that the local run supports. */
const supportedFields = {
  pipeline: new Set(['name', 'roleArn', 'artifactStore', 'stages', 'version', 'executionMode', 'pipelineType']),
  stage: new Set(['name', 'actions']),
  action: new Set([
    'name',
    'actionTypeId',
    'runOrder',
    'configuration',
    'inputArtifacts',
    'outputArtifacts',
    'namespace',
  ]),
} as const;

function requireSupportedFields(kind: keyof typeof supportedFields, location: string, fields: object): void {
  const unsupported = Object.entries(fields).find(
    ([field, value]) => !supportedFields[kind].has(field) && isPresent(value),
  );
  if (unsupported !== undefined) {
    throw new Error(`the local run does not support ${unsupported[0]} of a ${kind} (${location})`);
  }
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && (!Array.isArray(value) || value.length > 0);
}

function parseActions(declaration: PipelineDeclaration): readonly PipelineAction[] {
  const { name = '', stages = [] } = declaration;
  requireSupportedFields('pipeline', name, declaration);
  return stages.flatMap((stage) => {
    requireSupportedFields('stage', `${name}, ${stage.name}`, stage);
    return parseStage(name, stage);
  });
}

function parseStage(pipeline: string, { name: stage = '', actions = [] }: StageDeclaration): readonly PipelineAction[] {
  return [...actions]
    .sort((a, b) => (a.runOrder ?? 1) - (b.runOrder ?? 1))
    .map((action) => {
      requireSupportedFields('action', `${pipeline}, ${stage}/${action.name}`, action);
      return {
        stage,
        name: action.name ?? '',
        provider: action.actionTypeId?.provider ?? '',
        configuration: action.configuration ?? {},
        inputs: (action.inputArtifacts ?? []).map(({ name }) => name ?? ''),
        outputs: (action.outputArtifacts ?? []).map(({ name }) => name ?? ''),
        namespace: action.namespace,
      };
    });
}

/** BatchGetProjects accepts at most 100 names, and a pipeline has at most 1,000 actions. */
const maximumNames = 100;

async function getProjects(
  client: CodeBuildClient,
  aws: AwsEndpoint,
  names: readonly string[],
): Promise<ReadonlyMap<string, Project>> {
  const projects = new Map<string, Project>();
  for (let from = 0; from < names.length; from += maximumNames) {
    const batch = names.slice(from, from + maximumNames);
    const { projects: found = [] } = await client.send(new BatchGetProjectsCommand({ names: batch })).catch((error) => {
      throw noAwsError(error, aws);
    });
    for (const project of found) {
      projects.set(project.name ?? '', parseProject(project));
    }
  }
  const missing = names.filter((name) => !projects.has(name));
  if (missing.length > 0) {
    throw badInput(
      'input',
      `the pipeline uses CodeBuild projects that do not exist: ${missing.join(', ')}. Deploy all stacks`,
    );
  }
  return projects;
}

function parseProject({
  name = '',
  source,
  secondarySources,
  environment,
  timeoutInMinutes,
}: CodeBuildProject): Project {
  const { buildspec = '' } = source ?? {};
  if (isPresent(secondarySources)) {
    throw new Error(`the local run does not support secondarySources of a project (${name})`);
  }
  // CodeBuild reads a buildspec of a single line as the path of a file in the source.
  if (!/[\n{]/.test(buildspec)) {
    throw new Error(
      `the project ${name} reads its buildspec from the source: the local run supports only a buildspec in the project`,
    );
  }
  return {
    name,
    buildspec,
    variables: (environment?.environmentVariables ?? []).map(({ name = '', type = 'PLAINTEXT', value = '' }) => ({
      name,
      type,
      value,
    })),
    timeoutMinutes: timeoutInMinutes ?? 60,
  };
}

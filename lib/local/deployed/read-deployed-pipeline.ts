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

/** A pipeline as AWS answers for it. */
export interface DeployedPipeline extends SynthesizedPipeline {
  /** How often it was changed since it was made, from 1. */
  readonly version: number;
  readonly artifactBucket: string;
}

/** Where an AWS answers, and for which account and region. */
export interface AwsEndpoint extends Place {
  readonly endpoint: string;
}

/**
 * Reads a pipeline and its projects back through the APIs: CodePipeline's GetPipeline, CodeBuild's BatchGetProjects.
 * @throws BowlineError `input` when there is no such pipeline, or it runs projects that are not there
 * @throws BowlineError `no-aws` (exit 1) when nothing answers, or not as AWS does
 * @throws Error when it says something that the local run would have to leave out
 */
export async function readDeployedPipeline(aws: AwsEndpoint, name: string): Promise<DeployedPipeline> {
  quietSdk();
  const settings = { endpoint: aws.endpoint, region: aws.region, credentials: localCredentials };
  const declaration = await getPipeline(new CodePipelineClient(settings), aws, name);
  const actions = actionsOf(declaration);
  const names = actions.flatMap(({ provider, configuration }) =>
    provider === 'CodeBuild' ? [String(configuration.ProjectName)] : [],
  );
  const bucket = declaration.artifactStore?.location;
  if (bucket === undefined) {
    throw new Error(
      `the pipeline ${name} has no one bucket for its artifacts: the local run does not know more than one`,
    );
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
    throw (error as Error).name === 'PipelineNotFoundException' ? missing : asNoAws(error, aws);
  }
}

/** What an endpoint did that is no AWS: said nothing, or something else. */
function asNoAws(error: unknown, { endpoint }: AwsEndpoint): Error {
  const { name, message } = error as Error;
  return error instanceof BowlineError
    ? error
    : inconclusive(
        'no-aws',
        `${endpoint} did not answer as AWS does (${message || name}): is it there? "npm run aws:local" starts one`,
      );
}

/** All that the executor does of a declaration, its stages and its actions; what else they say, it would leave out. */
const known = {
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

function refuseUnknown(what: keyof typeof known, place: string, parts: object): void {
  const unknown = Object.entries(parts).find(([part, value]) => !known[what].has(part) && hasContent(value));
  if (unknown !== undefined) {
    throw new Error(`the local run does not know ${unknown[0]} of a ${what} (${place})`);
  }
}

function hasContent(part: unknown): boolean {
  return part !== undefined && part !== null && (!Array.isArray(part) || part.length > 0);
}

function actionsOf(declaration: PipelineDeclaration): readonly PipelineAction[] {
  const { name = '', stages = [] } = declaration;
  refuseUnknown('pipeline', name, declaration);
  return stages.flatMap((stage) => {
    refuseUnknown('stage', `${name}, ${stage.name}`, stage);
    return inOrder(name, stage);
  });
}

function inOrder(pipeline: string, { name: stage = '', actions = [] }: StageDeclaration): readonly PipelineAction[] {
  return [...actions]
    .sort((a, b) => (a.runOrder ?? 1) - (b.runOrder ?? 1))
    .map((action) => {
      refuseUnknown('action', `${pipeline}, ${stage}/${action.name}`, action);
      return {
        stage,
        name: action.name ?? '',
        provider: action.actionTypeId?.provider ?? '',
        configuration: action.configuration ?? {},
        inputs: (action.inputArtifacts ?? []).map(({ name }) => name ?? ''),
        outputs: (action.outputArtifacts ?? []).map(({ name }) => name ?? ''),
        ...(action.namespace === undefined ? {} : { namespace: action.namespace }),
      };
    });
}

/** CodeBuild answers for at most a hundred projects at once; a pipeline has at most a thousand actions. */
const projectsAtOnce = 100;

async function getProjects(
  client: CodeBuildClient,
  aws: AwsEndpoint,
  names: readonly string[],
): Promise<ReadonlyMap<string, Project>> {
  const projects = new Map<string, Project>();
  for (let from = 0; from < names.length; from += projectsAtOnce) {
    const asked = names.slice(from, from + projectsAtOnce);
    const { projects: found = [] } = await client.send(new BatchGetProjectsCommand({ names: asked })).catch((error) => {
      throw asNoAws(error, aws);
    });
    for (const project of found) {
      projects.set(project.name ?? '', projectOf(project));
    }
  }
  const missing = names.filter((name) => !projects.has(name));
  if (missing.length > 0) {
    throw badInput('input', `the pipeline runs projects that are not there: ${missing.join(', ')}. Deploy all stacks`);
  }
  return projects;
}

function projectOf({ name = '', source, secondarySources, environment, timeoutInMinutes }: CodeBuildProject): Project {
  const { buildspec = '' } = source ?? {};
  if (hasContent(secondarySources)) {
    throw new Error(`the local run does not know secondarySources of a project (${name})`);
  }
  // CodeBuild takes a single line for the path of a file in the source.
  if (!/[\n{]/.test(buildspec)) {
    throw new Error(`the buildspec of ${name} is not part of the project: the local run takes none from a source`);
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

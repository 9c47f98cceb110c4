import { BatchGetProjectsCommand, CodeBuildClient, type Project as CodeBuildProject } from '@aws-sdk/client-codebuild';
import {
  CodePipelineClient,
  GetPipelineCommand,
  type PipelineDeclaration,
  type StageDeclaration,
} from '@aws-sdk/client-codepipeline';
import { InputError } from '../../process';
import type { Place } from '../assembly/intrinsics';
import type { PipelineAction, Project, SynthesizedPipeline } from '../assembly/read-assembly';

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

/** Credentials that a local AWS takes, and no other. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/**
 * Reads a pipeline and its projects back through the APIs: CodePipeline's GetPipeline, CodeBuild's BatchGetProjects.
 * @throws InputError when there is no such pipeline, or when nothing answers
 * @throws Error when it says something that the local run would have to leave out
 */
export async function readDeployedPipeline(aws: AwsEndpoint, name: string): Promise<DeployedPipeline> {
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
    projects: await getProjects(new CodeBuildClient(settings), [...new Set(names)]),
  };
}

async function getPipeline(client: CodePipelineClient, aws: AwsEndpoint, name: string): Promise<PipelineDeclaration> {
  try {
    const { pipeline } = await client.send(new GetPipelineCommand({ name }));
    if (pipeline !== undefined) {
      return pipeline;
    }
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind !== 'PipelineNotFoundException') {
      throw new InputError(
        `${aws.endpoint} does not answer for pipelines (${message || kind}): is it there? "npm run aws:local" starts one`,
      );
    }
  }
  throw new InputError(
    `${aws.endpoint} has no pipeline ${name} in account ${aws.account}, ${aws.region}: deploy it first ("npx cdk deploy --all"; docs/local-aws.md)`,
  );
}

/** What a stage may say beyond its actions, and the executor does not do. */
const stageParts = ['blockers', 'onFailure', 'onSuccess', 'beforeEntry'] as const;

function actionsOf({ name, stages = [] }: PipelineDeclaration): readonly PipelineAction[] {
  return stages.flatMap((stage) => {
    const unknown = stageParts.find((part) => hasContent(stage[part]));
    if (unknown !== undefined) {
      throw new Error(`the local run does not know ${unknown} of a stage (${name}, ${stage.name})`);
    }
    return inOrder(stage);
  });
}

function hasContent(part: StageDeclaration[(typeof stageParts)[number]]): boolean {
  return part !== undefined && (!Array.isArray(part) || part.length > 0);
}

function inOrder({ name: stage = '', actions = [] }: StageDeclaration): readonly PipelineAction[] {
  return [...actions]
    .sort((a, b) => (a.runOrder ?? 1) - (b.runOrder ?? 1))
    .map((action) => ({
      stage,
      name: action.name ?? '',
      provider: action.actionTypeId?.provider ?? '',
      configuration: action.configuration ?? {},
      inputs: (action.inputArtifacts ?? []).map(({ name }) => name ?? ''),
      outputs: (action.outputArtifacts ?? []).map(({ name }) => name ?? ''),
      ...(action.namespace === undefined ? {} : { namespace: action.namespace }),
    }));
}

/** CodeBuild answers for at most a hundred projects at once; a pipeline has at most a thousand actions. */
const projectsAtOnce = 100;

async function getProjects(client: CodeBuildClient, names: readonly string[]): Promise<ReadonlyMap<string, Project>> {
  const projects = new Map<string, Project>();
  for (let from = 0; from < names.length; from += projectsAtOnce) {
    const asked = names.slice(from, from + projectsAtOnce);
    const answer = await client.send(new BatchGetProjectsCommand({ names: asked }));
    for (const project of answer.projects ?? []) {
      projects.set(project.name ?? '', projectOf(project));
    }
  }
  const missing = names.filter((name) => !projects.has(name));
  if (missing.length > 0) {
    throw new InputError(`the pipeline runs projects that are not there: ${missing.join(', ')}. Deploy all stacks`);
  }
  return projects;
}

function projectOf({ name = '', source, environment, timeoutInMinutes }: CodeBuildProject): Project {
  const { buildspec = '' } = source ?? {};
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

import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withTemporaryFolder } from '../../process';
import { parseBuildspec } from '../assembly/buildspec';
import type { EnvironmentVariable, PipelineAction, SynthesizedPipeline } from '../assembly/read-assembly';
import type { ActionResult } from './action-result';
import type { ArtifactStore } from './archive/artifact-store';
import { executeBuildspec } from './execute-buildspec';

/** The output of a source action. */
export interface SourceContent {
  /** Path of a zip file. */
  readonly zip: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The credentials and the endpoints of one job of a CodeBuild project, as variables that override all others. On AWS, each job gets those of the
 * role of its project.
 */
export type JobEnvironment = (project: string) => Promise<Readonly<Record<string, string>>>;

export interface PipelineRun {
  readonly pipeline: SynthesizedPipeline;
  readonly store: ArtifactStore;
  /** Output of each source action, by action name. */
  readonly sources: ReadonlyMap<string, SourceContent>;
  /** Environment of every build: endpoints and paths of this machine. It overrides the variables of the project. */
  readonly environment: Readonly<Record<string, string>>;
  /** See {@link JobEnvironment}. @default every job has the same environment */
  readonly jobEnvironment?: JobEnvironment;
  readonly logDirectory: string;
  readonly onAction: (event: {
    readonly kind: 'start' | 'line';
    readonly action: PipelineAction;
    readonly line?: string;
  }) => void;
  readonly onDone: (action: PipelineAction, result: ActionResult) => void;
}

export interface PipelineResult {
  readonly actions: readonly ActionResult[];
  /** Variables by `Namespace.NAME`. */
  readonly variables: ReadonlyMap<string, string>;
  readonly failed?: {
    readonly action: PipelineAction;
    readonly exitCode: number;
    readonly log: string;
    readonly logFile: string;
  };
}

/** Runs the actions of a pipeline in order, and stops at the first one that fails. */
export async function runPipeline(run: PipelineRun): Promise<PipelineResult> {
  const variables = new Map([['codepipeline.PipelineExecutionId', randomUUID()]]);
  const actions: ActionResult[] = [];
  for (const action of run.pipeline.actions) {
    run.onAction({ kind: 'start', action });
    const started = process.hrtime.bigint();
    const outcome = await runAction(run, action, variables);
    const result = {
      stage: action.stage,
      name: action.name,
      seconds: Number(process.hrtime.bigint() - started) / 1e9,
      exitCode: outcome.exitCode,
    };
    actions.push(result);
    run.onDone(action, result);
    if (outcome.exitCode !== 0) {
      return { actions, variables, failed: { action, ...outcome } };
    }
  }
  return { actions, variables };
}

interface ActionOutcome {
  readonly exitCode: number;
  readonly log: string;
  readonly logFile: string;
}

const passed: ActionOutcome = { exitCode: 0, log: '', logFile: '' };

async function runAction(
  run: PipelineRun,
  action: PipelineAction,
  variables: Map<string, string>,
): Promise<ActionOutcome> {
  switch (action.provider) {
    case 'CodeStarSourceConnection':
    case 'S3':
    case 'CodeCommit':
      await provideSource(run, action, variables);
      return passed;
    case 'Manual':
      return passed;
    case 'CodeBuild':
      return runBuild(run, action, variables);
    default:
      throw new Error(`the local run does not support actions of ${action.provider} (${action.stage}/${action.name})`);
  }
}

async function provideSource(run: PipelineRun, action: PipelineAction, variables: Map<string, string>): Promise<void> {
  const source = run.sources.get(action.name);
  const [output] = action.outputs;
  if (!source || output === undefined) {
    throw new Error(`the local run has no content for the source action ${action.name}`);
  }
  await run.store.putZip(output, readFileSync(source.zip));
  for (const [name, value] of Object.entries(source.variables)) {
    variables.set(`${action.namespace ?? action.name}.${name}`, value);
  }
}

const actionVariablesSchema = z.array(
  z.looseObject({ name: z.string(), type: z.string().default('PLAINTEXT'), value: z.string() }),
);

/** The variables that an action passes to its build, in addition to those of the project. */
export function actionVariables(action: PipelineAction): readonly EnvironmentVariable[] {
  return actionVariablesSchema.parse(JSON.parse(String(action.configuration.EnvironmentVariables ?? '[]')));
}

async function runBuild(
  run: PipelineRun,
  action: PipelineAction,
  variables: Map<string, string>,
): Promise<ActionOutcome> {
  const name = String(action.configuration.ProjectName);
  const project = run.pipeline.projects.get(name);
  if (!project) {
    throw new Error(`the assembly has no CodeBuild project ${name}`);
  }
  const spec = parseBuildspec(project.buildspec);
  return withTemporaryFolder('action', async (directory) => {
    const directories = await unzipInputs(run, action, directory);
    const primary = directories.get(String(action.configuration.PrimarySource ?? action.inputs[0])) as string;
    const logFile = join(run.logDirectory, `${action.stage}-${action.name}.log`);
    const result = await executeBuildspec({
      spec,
      directory: primary,
      environment: {
        ...sourceVariables(directories, primary),
        ...buildVariables(spec.env.variables, [...project.variables, ...actionVariables(action)], variables),
        ...run.environment,
        ...(await run.jobEnvironment?.(name)),
      },
      timeoutSeconds: project.timeoutMinutes * 60,
      logFile,
      onLine: (line) => run.onAction({ kind: 'line', action, line }),
    });
    if (result.exitCode === 0) {
      for (const [variable, value] of Object.entries(result.exported)) {
        variables.set(`${action.namespace ?? action.name}.${variable}`, value);
      }
      const [output] = action.outputs;
      if (output !== undefined) {
        await run.store.putFolder(output, join(primary, spec.artifacts?.['base-directory'] ?? '.'));
      }
    }
    return { exitCode: result.exitCode, log: result.log, logFile };
  });
}

/** The variables that tell a build where its inputs are. */
function sourceVariables(directories: ReadonlyMap<string, string>, primary: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = { CODEBUILD_SRC_DIR: primary };
  for (const [artifact, directory] of directories) {
    if (directory !== primary) {
      variables[`CODEBUILD_SRC_DIR_${artifact}`] = directory;
    }
  }
  return variables;
}

async function unzipInputs(
  run: PipelineRun,
  action: PipelineAction,
  parent: string,
): Promise<ReadonlyMap<string, string>> {
  const directories = new Map<string, string>();
  for (const artifact of action.inputs) {
    const directory = join(parent, artifact);
    mkdirSync(directory);
    await run.store.getFolder(artifact, directory);
    directories.set(artifact, directory);
  }
  return directories;
}

/** The variables of a build. As in CodeBuild, those of the project override the buildspec, and those of the action override both. */
function buildVariables(
  spec: Readonly<Record<string, string>>,
  overrides: readonly EnvironmentVariable[],
  variables: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  const resolved: Record<string, string> = { ...spec };
  for (const { name, type, value } of overrides) {
    if (type !== 'PLAINTEXT') {
      throw new Error(`the local run does not support variables of type ${type}: ${name}`);
    }
    resolved[name] = resolvePipelineVariables(value, variables);
  }
  return resolved;
}

/** Resolves `#{Namespace.Variable}` as CodePipeline does. @throws Error for a variable that no earlier action exported */
export function resolvePipelineVariables(value: string, variables: ReadonlyMap<string, string>): string {
  return value.replace(/#\{([^}]+)\}/g, (_, name: string) => {
    const found = variables.get(name);
    if (found === undefined) {
      throw new Error(`no action has exported #{${name}}`);
    }
    return found;
  });
}

import { BowlineError, type ExitCode, inconclusive } from '../../errors';
import type { DatabaseOrigin } from '../../release';
import type { PipelineAction, SynthesizedPipeline } from '../assembly/read-assembly';
import type { ActionResult } from './action-result';
import { actionVariables, type PipelineResult } from './run-pipeline';

/** The result of `bowline run`, which `--json` prints. */
export interface RunResult {
  readonly service: string;
  readonly commit: string;
  /** Whether the run committed to the ledger. */
  readonly changed: boolean;
  readonly image?: {
    readonly repository: string;
    readonly digest: string;
    readonly platforms: Readonly<Record<string, string>>;
    /** Compressed bytes that a node pulls, by platform. */
    readonly sizes: Readonly<Record<string, number>>;
  };
  /** What the first start of the image found, such as `started`. */
  readonly start?: string;
  /** What the tests of the source found, such as `12 passed in 3 packages`; `none` where the catalog asks for none. */
  readonly tests?: string;
  readonly verdict?: string;
  /** What the verdict is based on. */
  readonly databases: DatabaseOrigin;
  /** Whether every key of the pipeline has signed. */
  readonly signed: boolean;
  /** Ledger commit by environment. */
  readonly promoted: Readonly<Record<string, string>>;
  readonly actions: readonly { readonly name: string; readonly seconds: number; readonly exitCode: number }[];
  readonly ledger: string;
  readonly folders: RunFolders;
  readonly failed?: { readonly action: string; readonly exitCode: number; readonly log: string };
}

/** Where a run leaves what people look at, or verify with. */
export interface RunFolders {
  /** The catalog of the run: with the registry and the ledger of this machine. */
  readonly catalog: string;
  /** Public keys, `<class>.pub`. */
  readonly keys: string;
  /** One log per action. */
  readonly logs: string;
}

/** What the result is computed from. */
export interface RunOutcome {
  readonly service: string;
  readonly commit: string;
  readonly ledger: string;
  readonly databases: DatabaseOrigin;
  readonly folders: RunFolders;
  /** Whether publishing committed to the ledger. */
  readonly published: boolean;
  /** Steps that are not actions of the pipeline. */
  readonly steps: readonly ActionResult[];
  readonly pipeline: Pick<SynthesizedPipeline, 'actions'>;
  readonly result: PipelineResult;
  readonly sizes: Readonly<Record<string, number>>;
}

/** The result of a run, from the variables that its actions exported. An action's variables, not its name, say which environment or key it is for. */
export function runResult(outcome: RunOutcome): RunResult {
  const { pipeline, result } = outcome;
  const { variables, failed } = result;
  const exported = (action: PipelineAction, name: string) =>
    variables.get(`${action.namespace ?? action.name}.${name}`);
  const promotions = actionsWith(pipeline, 'BOWLINE_ENVIRONMENT');
  const signings = actionsWith(pipeline, 'BOWLINE_KEY');
  const release = variables.get('Scan.IMAGE_DIGEST') ?? variables.get('Build.IMAGE_DIGEST');
  const verdict = variables.get('Scan.VERDICT') ?? verdictOf(failed);
  return {
    service: outcome.service,
    commit: outcome.commit,
    changed: outcome.published || promotions.some(({ action }) => exported(action, 'CHANGED') === 'true'),
    image: release === undefined ? undefined : { ...builtImage(variables), digest: release, sizes: outcome.sizes },
    start: variables.get('Build.START'),
    tests: variables.get('Build.TESTS'),
    verdict,
    databases: outcome.databases,
    signed: signings.length > 0 && signings.every(({ action }) => hasPassed(action, result.actions)),
    promoted: Object.fromEntries(
      promotions.flatMap(({ action, value }) => {
        const commit = exported(action, 'LEDGER_COMMIT');
        return commit === undefined ? [] : [[value, commit]];
      }),
    ),
    actions: [...outcome.steps, ...result.actions].map(({ stage, name, seconds, exitCode }) => ({
      name: stage === name ? name : `${stage}/${name}`,
      seconds: Math.round(seconds * 100) / 100,
      exitCode,
    })),
    ledger: outcome.ledger,
    folders: outcome.folders,
    failed:
      failed === undefined
        ? undefined
        : { action: titleOf(failed.action), exitCode: failed.exitCode, log: endOfLog(failed.log) },
  };
}

/** Reports which action failed, and why. */
export function reportRunFailure({ failed }: PipelineResult, reporter: { note(text: string): void }): void {
  if (failed !== undefined) {
    const { action, exitCode, log, logFile } = failed;
    reporter.note(`${titleOf(action)} ${describeExit(exitCode)}. The end of its log (${logFile}):\n${endOfLog(log)}`);
  }
}

/** The error that ends a failed run, with the exit code of its action where that has a meaning. */
export function runFailure(result: RunResult): BowlineError | undefined {
  if (!result.failed) {
    return undefined;
  }
  const { action, exitCode } = result.failed;
  const known = [1, 2, 3].includes(exitCode) ? (exitCode as ExitCode) : undefined;
  return known === undefined
    ? inconclusive('action-failed', `${action} ${describeExit(exitCode)}`)
    : new BowlineError('action-failed', `${action} stopped the release pipeline (exit code ${exitCode})`, known);
}

/** -1 stands for a signal, also that of the time limit. */
function describeExit(exitCode: number): string {
  return exitCode < 0 ? 'was stopped before its end: the end of its log says why' : `failed with exit code ${exitCode}`;
}

/** The image that the build exported. */
export function builtImage(variables: ReadonlyMap<string, string>): {
  readonly repository: string;
  readonly platforms: Readonly<Record<string, string>>;
} {
  return {
    repository: variables.get('Build.IMAGE_REPOSITORY') ?? '',
    platforms: JSON.parse(variables.get('Build.PLATFORMS') ?? '{}') as Record<string, string>,
  };
}

/** The actions that set a variable, and its value. */
function actionsWith({ actions }: RunOutcome['pipeline'], variable: string) {
  return actions.flatMap((action) => {
    const value = actionVariables(action).find(({ name }) => name === variable)?.value;
    return value === undefined ? [] : [{ action, value }];
  });
}

function hasPassed({ stage, name }: PipelineAction, results: readonly ActionResult[]): boolean {
  return results.some((result) => result.stage === stage && result.name === name && result.exitCode === 0);
}

function verdictOf(failed: PipelineResult['failed']): string | undefined {
  return failed?.action.name !== 'Scan' ? undefined : failed.exitCode === 2 ? 'blocked' : 'inconclusive';
}

function titleOf({ stage, name }: PipelineAction): string {
  return `${stage}/${name}`;
}

const lastLines = 15;
const maximumLines = 60;

/** The error of the command line, from its first line; without one, the last lines. */
function endOfLog(log: string): string {
  const lines = log.trim().split('\n');
  const error = lines.findLastIndex((line) => line.startsWith('bowline: '));
  return (error === -1 ? lines.slice(-lastLines) : lines.slice(error, error + maximumLines)).join('\n');
}

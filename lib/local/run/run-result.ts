import { BowlineError, type ExitCode, inconclusive } from '../../errors';
import type { PipelineAction, SynthesizedPipeline } from '../assembly/read-assembly';
import { type ActionResult, actionVariables, type PipelineResult } from './run-pipeline';

/** The answer of `bowline run`: what `--json` prints. */
export interface RunResult {
  readonly service: string;
  readonly commit: string;
  /** Whether anything was committed to the ledger. */
  readonly changed: boolean;
  readonly image?: {
    readonly repository: string;
    readonly digest: string;
    readonly platforms: Readonly<Record<string, string>>;
    /** Compressed bytes that a node pulls, by platform. */
    readonly sizes: Readonly<Record<string, number>>;
  };
  readonly verdict?: string;
  /** Whether every key that the pipeline signs with has signed. */
  readonly signed: boolean;
  /** Ledger commit by environment. */
  readonly promoted: Readonly<Record<string, string>>;
  readonly actions: readonly { readonly name: string; readonly seconds: number; readonly exitCode: number }[];
  readonly ledger: string;
  readonly failed?: { readonly action: string; readonly exitCode: number; readonly log: string };
}

/** What a run's answer is made of. */
export interface RunOutcome {
  readonly service: string;
  readonly commit: string;
  readonly ledger: string;
  /** Whether publishing has committed anything. */
  readonly published: boolean;
  /** Steps that are no actions of the pipeline. */
  readonly steps: readonly ActionResult[];
  readonly pipeline: Pick<SynthesizedPipeline, 'actions'>;
  readonly result: PipelineResult;
  readonly sizes: Readonly<Record<string, number>>;
}

/** The answer out of what the actions exported. What an action is about is told by its variables, not by its name. */
export function runResult(facts: RunOutcome): RunResult {
  const { pipeline, result } = facts;
  const { variables, failed } = result;
  const exported = (action: PipelineAction, name: string) =>
    variables.get(`${action.namespace ?? action.name}.${name}`);
  const promotions = about(pipeline, 'BOWLINE_ENVIRONMENT');
  const signings = about(pipeline, 'BOWLINE_KEY');
  const release = variables.get('Scan.IMAGE_DIGEST') ?? variables.get('Build.IMAGE_DIGEST');
  const verdict = variables.get('Scan.VERDICT') ?? verdictOf(failed);
  return {
    service: facts.service,
    commit: facts.commit,
    changed: facts.published || promotions.some(({ action }) => exported(action, 'CHANGED') === 'true'),
    ...(release === undefined ? {} : { image: { ...builtImage(variables), digest: release, sizes: facts.sizes } }),
    ...(verdict === undefined ? {} : { verdict }),
    signed: signings.length > 0 && signings.every(({ action }) => hasPassed(action, result.actions)),
    promoted: Object.fromEntries(
      promotions.flatMap(({ action, value }) => {
        const commit = exported(action, 'LEDGER_COMMIT');
        return commit === undefined ? [] : [[value, commit]];
      }),
    ),
    actions: [...facts.steps, ...result.actions].map(({ stage, name, seconds, exitCode }) => ({
      name: stage === name ? name : `${stage}/${name}`,
      seconds: Math.round(seconds * 100) / 100,
      exitCode,
    })),
    ledger: facts.ledger,
    ...(failed === undefined
      ? {}
      : { failed: { action: titleOf(failed.action), exitCode: failed.exitCode, log: endOfLog(failed.log) } }),
  };
}

/** Tells people which action stopped the run, and why. */
export function reportRunFailure({ failed }: PipelineResult, reporter: { note(text: string): void }): void {
  if (failed !== undefined) {
    const ended = `${titleOf(failed.action)} ended with exit code ${failed.exitCode}`;
    reporter.note(`${ended}. The end of its log (${failed.logFile}):\n${endOfLog(failed.log)}`);
  }
}

/** How a run that stopped ends. */
export function runFailure(result: RunResult): BowlineError | undefined {
  if (!result.failed) {
    return undefined;
  }
  const { action, exitCode } = result.failed;
  const known = [1, 2, 3].includes(exitCode) ? (exitCode as ExitCode) : undefined;
  return known === undefined
    ? inconclusive('action-failed', `${action} ended with exit code ${exitCode}`)
    : new BowlineError('action-failed', `${action} stopped the road (exit code ${exitCode})`, known);
}

/** The image that the build has exported. */
export function builtImage(variables: ReadonlyMap<string, string>): {
  readonly repository: string;
  readonly platforms: Readonly<Record<string, string>>;
} {
  return {
    repository: variables.get('Build.IMAGE_REPOSITORY') ?? '',
    platforms: JSON.parse(variables.get('Build.PLATFORMS') ?? '{}') as Record<string, string>,
  };
}

/** The actions that are given a variable, and its value. */
function about({ actions }: RunOutcome['pipeline'], variable: string) {
  return actions.flatMap((action) => {
    const value = actionVariables(action).find(({ name }) => name === variable)?.value;
    return value === undefined ? [] : [{ action, value }];
  });
}

function hasPassed({ stage, name }: PipelineAction, results: readonly ActionResult[]): boolean {
  return results.some((result) => result.stage === stage && result.name === name && result.exitCode === 0);
}

function verdictOf(failed: PipelineResult['failed']): string | undefined {
  return failed?.action.name !== 'Scan' ? undefined : failed.exitCode === 2 ? 'blocked' : 'unreliable';
}

function titleOf({ stage, name }: PipelineAction): string {
  return `${stage}/${name}`;
}

const lastLines = 15;
const mostLines = 60;

/** What the command line said when it gave up, whole; of anything else the last lines. */
function endOfLog(log: string): string {
  const lines = log.trim().split('\n');
  const said = lines.findLastIndex((line) => line.startsWith('bowline: '));
  return (said === -1 ? lines.slice(-lastLines) : lines.slice(said, said + mostLines)).join('\n');
}

import type { Service } from '../../catalog';
import { BowlineError, exitCodes, inconclusive } from '../../errors';
import {
  type BuildProblem,
  explainSolve,
  explainStep,
  type ImageRecipe,
  readStepFailure,
  type StepFailure,
} from '../../image';
import { type Outcome, ProgramError } from '../../process';

/** A failed solve whose cause is known. It is a ProgramError, so that a transient one is tried again first. */
export class ExplainedFailure extends ProgramError {
  constructor(
    program: string,
    outcome: Outcome,
    private readonly problem: BuildProblem,
  ) {
    super(program, outcome);
  }

  /** The error for the user, after the last attempt. */
  explained(): BowlineError {
    const { code, message, kind } = this.problem;
    return new BowlineError(code, message, exitCodes[kind]);
  }
}

/** What the explanation of a failed solve depends on. */
export interface FailedSolve {
  readonly service: Service;
  readonly recipe: Pick<ImageRecipe, 'platforms'>;
  /** Where the credential for private modules is from. */
  readonly credential?: string;
  /** Explains the failure of a step that this solve adds to the recipe. */
  readonly explainFailure?: (step: StepFailure) => Error | undefined;
}

/** An error about the cause, not about a line in a generated Dockerfile. */
export function solveError(outcome: Outcome, failed: FailedSolve): Error {
  const step = outcome.timedOut ? undefined : readStepFailure(outcome.stderr);
  if (step === undefined) {
    const problem = outcome.timedOut
      ? undefined
      : explainSolve(outcome.stderr, failed.recipe.platforms, { service: failed.service });
    return problem === undefined
      ? new ProgramError('buildctl', outcome)
      : new ExplainedFailure('buildctl', outcome, problem);
  }
  const explained = failed.explainFailure?.(step);
  if (explained !== undefined) {
    return explained;
  }
  const stepOutcome = { ...outcome, exitCode: step.exitCode, stdout: '', stderr: step.lines.join('\n') };
  const problem = explainStep(step, failed);
  if (problem !== undefined) {
    const failure = new ExplainedFailure(step.command, stepOutcome, problem);
    return step.command.startsWith('go mod ') ? failure : failure.explained();
  }
  const error = new ProgramError(step.command, stepOutcome);
  // Compiling needs no network: an error that looks transient is not, so it is not retried.
  return step.command.startsWith('go build ') ? inconclusive('compiler-failed', error.message) : error;
}

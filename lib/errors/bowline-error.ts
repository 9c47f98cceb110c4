import type { ErrorCode, ErrorCodeOf } from './error-codes';
import { type ExitCode, exitCodes } from './exit-codes';

/** An error with a stable code for machines, a message for people, and the exit code of the command that it ends. */
export class BowlineError extends Error {
  override readonly name: string = 'BowlineError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

/** There is no result: a tool is missing or out of date, crashed, or wrote nothing. */
export function inconclusive(code: ErrorCodeOf<'inconclusive'>, message: string): BowlineError {
  return new BowlineError(code, message, exitCodes.inconclusive);
}

/** A gate rejects the release, or the ledger refuses the change. */
export function rejected(code: ErrorCodeOf<'rejected'>, message: string): BowlineError {
  return new BowlineError(code, message, exitCodes.rejected);
}

/** The configuration, the source or an option is wrong. */
export function badInput(code: ErrorCodeOf<'badInput'>, message: string): BowlineError {
  return new BowlineError(code, message, exitCodes.badInput);
}

import { BowlineError, type ErrorCode, type ExitCode, exitCodes } from '../errors';
import { printableLines } from './printable';

interface Failure {
  readonly exitCode: ExitCode;
  readonly code: ErrorCode;
  readonly message: string;
}

/** Exit code, error code and message of an error. Any error that is not a {@link BowlineError} is unexpected. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BowlineError) {
    return { exitCode: error.exitCode, code: error.code, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.inconclusive, code: 'unexpected', message };
}

/** Ends a command: writes the message to standard error, with `--json` one object to standard output, and sets the exit code. */
export function reportFailure(error: unknown, json: boolean): void {
  const { exitCode, code, message } = failureOf(error);
  process.stderr.write(`bowline: ${printableLines(message)}\n`);
  if (process.env.BOWLINE_STACK === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: false, code, message })}\n`);
  }
  process.exitCode = exitCode;
}

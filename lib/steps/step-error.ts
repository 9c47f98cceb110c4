/** How a verb that did not pass ends, the same everywhere. */
export const exitCodes = {
  passed: 0,
  /** The result can't be relied on: a tool missing, stale, crashed, empty. */
  unreliable: 1,
  /** The gate says no. */
  refused: 2,
  /** Bad configuration or input. */
  badInput: 3,
  usage: 64,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A verb that stops: a stable code, a sentence for people, and the exit code that tells machines which kind of stop it is. */
export class VerbError extends Error {
  override readonly name = 'VerbError';
  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

export function unreliable(code: string, message: string): VerbError {
  return new VerbError(code, message, exitCodes.unreliable);
}

export function refused(code: string, message: string): VerbError {
  return new VerbError(code, message, exitCodes.refused);
}

export function badInput(code: string, message: string): VerbError {
  return new VerbError(code, message, exitCodes.badInput);
}

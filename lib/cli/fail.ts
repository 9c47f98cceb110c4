import { InputError } from '../process/input-error';
import { exitCodes } from '../steps/step-error';

interface Failure {
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
}

/** What kind of stop an error is. Errors of our own carry their code; everything else means that the result can't be relied on. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) {
    return { exitCode: exitCodes.unreliable, code: 'unexpected', message: String(error) };
  }
  const { name, message } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  switch (name) {
    case 'VerbError':
      return { exitCode: (error as Error & { exitCode: number }).exitCode, code: code ?? 'failed', message };
    case 'CatalogError':
      return { exitCode: exitCodes.badInput, code: 'catalog', message };
    case 'ManifestError':
      return { exitCode: exitCodes.badInput, code: 'manifests', message };
    case 'RecipeError':
      return { exitCode: exitCodes.badInput, code: 'recipe', message };
    case 'RecordError':
      return { exitCode: exitCodes.unreliable, code: code ?? 'record', message };
    case 'InputError':
      return { exitCode: exitCodes.badInput, code: code ?? 'input', message };
    default:
      return { exitCode: exitCodes.unreliable, code: code ?? 'failed', message };
  }
}

/** Ends a command: the reason for people on standard error, for machines on standard output, and the exit code for both. */
export function reportFailure(error: unknown, json: boolean): void {
  const failure = failureOf(error);
  process.stderr.write(`bowline: ${failure.message}\n`);
  if (process.env.BOWLINE_STACK === '1' && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: false, code: failure.code, message: failure.message })}\n`);
  }
  process.exitCode = failure.exitCode;
}

/** Wraps a command's work: whatever it throws becomes a sentence and an exit code. */
export function action<Arguments extends readonly unknown[]>(
  json: (...words: Arguments) => boolean,
  work: (...words: Arguments) => Promise<void>,
): (...words: Arguments) => Promise<void> {
  return async (...words) => {
    try {
      await work(...words);
    } catch (error) {
      reportFailure(error, json(...words));
    }
  };
}

export { InputError };

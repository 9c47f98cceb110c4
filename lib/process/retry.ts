import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramError } from './run';

/** What registries, KMS, feeds and module proxies say when trying again helps: whole phrases, since a single word may be a name in someone's code. */
const transient = [
  /i\/o timeout|TLS handshake timeout|Client\.Timeout (?:or context cancellation while|exceeded)/i,
  /(?:connection|operation|dial|read|write)[^:\n]{0,40} timed out|context deadline exceeded|timeout awaiting response headers/i,
  /connection (?:reset by peer|refused)|write: broken pipe|http2: (?:server sent GOAWAY|client connection lost)/i,
  // A stream that broke off is the last thing a line says; a parser says what it expected instead.
  /: (?:unexpected )?EOF"?$/m,
  /no such host|server misbehaving|temporary failure in name resolution/i,
  /\b(?:429 Too Many Requests|502 Bad Gateway|503 (?:Service|Slow Down)|504 Gateway Time-?out)/i,
  /\bstatus(?: ?code)?:? (?:code )?"?(?:429|502|503|504)\b/i,
  /\bTOOMANYREQUESTS\b|Rate exceeded|ThrottlingException|RequestLimitExceeded/i,
] as const;

/** The line that says why trying again may help, or undefined where nothing says so. */
export function transientReason(message: string): string | undefined {
  return message
    .split('\n')
    .find((line) => transient.some((phrase) => phrase.test(line)))
    ?.trim();
}

export interface RetryPlan {
  readonly attempts: number;
  /** Wait before the second attempt; doubled for each further one. */
  readonly firstWaitSeconds: number;
  readonly onRetry?: (attempt: number, reason: string) => void;
}

/**
 * Runs `work` again while a program in it fails with something transient. What this project has judged itself, with an error of its own, is
 * never tried again. The last error is thrown as it is.
 */
export async function retryTransient<T>(work: () => Promise<T>, plan: RetryPlan): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof ProgramError ? transientReason(error.message) : undefined;
      if (attempt >= plan.attempts || reason === undefined) {
        throw error;
      }
      plan.onRetry?.(attempt, reason);
      await sleep(plan.firstWaitSeconds * 1000 * 2 ** (attempt - 1));
    }
  }
}

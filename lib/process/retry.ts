import { setTimeout as sleep } from 'node:timers/promises';
import { ProgramError } from './run';

/** Messages of registries, KMS, feeds and module proxies about transient errors. Complete phrases, because a single word could be an identifier in code. */
const transientPatterns = [
  /i\/o timeout|TLS handshake timeout|Client\.Timeout (?:or context cancellation while|exceeded)/i,
  /(?:connection|operation|dial|read|write)[^:\n]{0,40} timed out|context deadline exceeded|timeout awaiting response headers/i,
  /connection (?:reset by peer|refused)|write: broken pipe|http2: (?:server sent GOAWAY|client connection lost)/i,
  // An interrupted stream ends the line. The message of a parser continues with what it expected.
  /: (?:unexpected )?EOF"?$/m,
  /no such host|server misbehaving|temporary failure in name resolution/i,
  /\b(?:429 Too Many Requests|502 Bad Gateway|503 (?:Service|Slow Down)|504 Gateway Time-?out)/i,
  /\bstatus(?: ?code)?:? (?:code )?"?(?:429|502|503|504)\b/i,
  /\bTOOMANYREQUESTS\b|Rate exceeded|ThrottlingException|RequestLimitExceeded/i,
] as const;

/** The line that describes a transient error, if there is one. */
export function transientReason(message: string): string | undefined {
  return (
    message
      .split('\n')
      // A program went on after a warning: it did not fail for that reason. cosign warns when it cannot reach a service that it does not need here.
      .filter((line) => !/^\s*WARNING: /.test(line))
      .find((line) => transientPatterns.some((phrase) => phrase.test(line)))
      ?.trim()
  );
}

export interface RetryPlan {
  readonly attempts: number;
  /** The wait before the second attempt. Doubles for each further attempt. */
  readonly firstWaitSeconds: number;
  readonly onRetry?: (attempt: number, reason: string) => void;
}

/**
 * Retries `work` while a program fails with a transient error. Other errors are not retried. Throws the last error unchanged.
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

import { setTimeout as sleep } from 'node:timers/promises';

/** What registries, KMS and git say when trying again helps. */
const transient =
  /timeout|timed out|connection (?:reset|refused)|EOF|TOOMANYREQUESTS|too many requests|\b(?:429|502|503|504)\b|temporary failure|i\/o timeout|TLS handshake|ThrottlingException|RequestLimitExceeded|no such host/i;

export function isTransient(message: string): boolean {
  return transient.test(message);
}

export interface RetryPlan {
  readonly attempts: number;
  /** Wait before the second attempt; doubled for each further one. */
  readonly firstWaitSeconds: number;
  readonly onRetry?: (attempt: number, reason: string) => void;
}

/** Runs `work` again while it fails with something transient. The last error is thrown as it is. */
export async function retryTransient<T>(work: () => Promise<T>, plan: RetryPlan): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (attempt >= plan.attempts || !isTransient(message)) {
        throw error;
      }
      plan.onRetry?.(attempt, message.split('\n').slice(-1)[0] ?? message);
      await sleep(plan.firstWaitSeconds * 1000 * 2 ** (attempt - 1));
    }
  }
}

import type { Duration } from 'cdk8s';

/**
 * A duration as Flagger and Prometheus take it, `20s`. Flagger's definition of a Canary refuses a fraction (`^[0-9]+(m|s)`).
 * @throws Error that names the field and the value
 */
export function wholeSeconds(field: string, duration: Duration, least = 1): string {
  const seconds = duration.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < least) {
    throw new Error(`'${field}' (${seconds}s) must be whole seconds, ${least}s at least`);
  }
  return `${seconds}s`;
}

import type { Duration } from 'cdk8s';

/**
 * Formats a duration as Flagger and Prometheus expect it, for example `20s`. Flagger's Canary definition rejects fractions (`^[0-9]+(m|s)`).
 * @throws Error with the field and the value
 */
export function formatWholeSeconds(field: string, duration: Duration, minimum = 1): string {
  const seconds = duration.toSeconds({ integral: false });
  if (!Number.isInteger(seconds) || seconds < minimum) {
    throw new Error(`'${field}' must be whole seconds, at least ${minimum}s, got: ${seconds}s`);
  }
  return `${seconds}s`;
}

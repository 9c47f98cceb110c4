import type { MetricNames } from '../../lib/catalog';
import { countsByHistogram, type SituationName } from './metric-situations';

/** Values of a service's queries in a situation. Undefined is no value, which fails a check and fires no alert that compares it. */
export interface Judgement {
  /** Share of failed requests. */
  readonly errors: number | undefined;
  /** The 99th percentile in seconds, as the check of a release computes it. */
  readonly p99: number | undefined;
}

/** What the checks of a release read in each situation, with limits of 1 % and 500 ms. */
export function judge(situation: SituationName, metrics: MetricNames): Judgement {
  const isNative = metrics.type === 'native-histogram';
  const counts = countsByHistogram(metrics);
  // Buckets are interpolated linearly, those of a native histogram exponentially.
  const fast = isNative ? round(0.25 * 2 ** 0.99) : 0.495;
  switch (situation) {
    case 'healthy':
      return { errors: 0, p99: fast };
    case 'slow':
      return { errors: 0, p99: isNative ? round(0.5 * 2 ** 0.95) : 0.975 };
    case 'failing':
      return { errors: 1, p99: fast };
    case 'idle':
      return { errors: 0, p99: 0 };
    case 'unnamed':
    case 'down':
    case 'vanished':
    case 'nothing':
      return { errors: undefined, p99: undefined };
    case 'unlabeled':
    case 'textual':
      return { errors: undefined, p99: fast };
    case 'partlyUnlabeled':
      return { errors: 0.1, p99: fast };
    case 'untimed':
      return { errors: counts ? undefined : 0, p99: undefined };
    case 'summary':
      return { errors: counts && isNative ? undefined : 0, p99: undefined };
    case 'short':
      // A native histogram has a bucket for every duration.
      return { errors: 0, p99: isNative ? round(0.5 * 2 ** 0.99) : undefined };
    case 'unused':
      // If the histogram counts the requests, there are none.
      return { errors: 0, p99: counts ? 0 : undefined };
  }
}

/** What MetricsIncomplete reports about a running version in each situation. */
export function missingMetrics(name: SituationName, metrics: MetricNames): readonly string[] {
  const isNative = metrics.type === 'native-histogram';
  const hasCounter = !countsByHistogram(metrics) || (name === 'summary' && !isNative);
  switch (name) {
    case 'unnamed':
      return ['requests', 'histogram'];
    case 'unlabeled':
    case 'textual':
    case 'partlyUnlabeled':
      return ['status'];
    case 'untimed':
    case 'summary':
      return hasCounter ? ['histogram'] : ['requests', 'histogram'];
    case 'short':
      return isNative ? [] : ['bucket'];
    case 'unused':
      return countsByHistogram(metrics) ? [] : ['histogram'];
    default:
      return [];
  }
}

/** Values as promtool compares them. */
function round(value: number): number {
  return Number(value.toFixed(6));
}

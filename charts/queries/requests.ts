import type { MetricNames } from '../../lib/catalog';

/*
 * Every query of a service. They fail closed: a series, a label or a bucket that does not exist gives no value, and never 0. A query has a value
 * only if the metrics that it judges by exist in the form that the catalog names.
 */

/** The requests that a query is about. */
export interface Requests {
  readonly metrics: MetricNames;
  /** Label matchers, for example `namespace="shop",job="web-canary"`. */
  readonly labels: string;
  /** Range of the query, for example `20s`: at least four scrape intervals. */
  readonly window: string;
}

/** Requests per second. Empty result if there is no series. */
export function requestRate(requests: Requests): string {
  return overWindow(requests, 'rate');
}

/** Number of requests within the window. Empty result if there is no series. */
export function requestCount(requests: Requests): string {
  return overWindow(requests, 'increase');
}

/**
 * Share of failed requests, from 0 to 1. A request without a known outcome counts as failed: its series lacks the label of the status, or the
 * label's value is no status code. 0 if no request ever failed and if the service is idle. Empty result if there is no series with a known
 * outcome, because the label has another name, for example.
 */
export function errorRatio(requests: Requests): string {
  const { status, successes, failures } = requests.metrics;
  const all = requestRate(requests);
  const succeeded = overWindow(requests, 'rate', `,${status}=~"${successes}"`);
  const known = overWindow(requests, 'rate', `,${status}=~"${successes}|${failures}"`);
  return `(
  ${all}
  - (${succeeded} or on() 0 * ${known})
) / clamp_min(${all}, 1e-9)`;
}

/** Latency in seconds at a quantile, for example 0.99. NaN if there are no requests. Empty result without a histogram. */
export function quantile({ metrics, labels, window }: Requests, share: number): string {
  const { duration, type, unit } = metrics;
  const histogram =
    type === 'native-histogram'
      ? `sum(rate(${duration}{${labels}}[${window}]))`
      : `sum by (le) (rate(${duration}_bucket{${labels}}[${window}]))`;
  return `histogram_quantile(${share}, ${histogram})${unit === 'milliseconds' ? ' / 1000' : ''}`;
}

/** Latency in seconds at a quantile. Empty result if there are fewer than `samples` timed requests. */
export function quantileWithSamples(requests: Requests, share: number, samples: number): string {
  return `${quantile(requests, share)} and on() (${timedRequestCount(requests)} >= ${samples})`;
}

/** Number of requests that the histogram has timed within the window. Empty result without a histogram: a summary has a count, but no buckets. */
export function timedRequestCount({ metrics, labels, window }: Requests): string {
  const { duration, type } = metrics;
  return type === 'native-histogram'
    ? `histogram_count(sum(increase(${duration}{${labels}}[${window}])))`
    : `sum(increase(${duration}_bucket{${labels},le="+Inf"}[${window}]))`;
}

/**
 * True if the histogram distinguishes durations over the limit from those under it: a histogram of buckets reads every longer duration as the
 * bound of its largest bucket. Empty result otherwise, and without a histogram. The unit shows here too: bounds in seconds that are read as
 * milliseconds do not reach the limit.
 * @param limitSeconds the objective that a quantile is compared with
 */
export function measuresDurationsOver({ metrics, labels }: Omit<Requests, 'window'>, limitSeconds: number): string {
  const { duration, type, unit } = metrics;
  if (type === 'native-histogram') {
    // histogram_count leaves out what is no native histogram, such as the quantiles of a summary.
    return `count(histogram_count(${duration}{${labels}})) > 0`;
  }
  const limit = Number((unit === 'milliseconds' ? limitSeconds * 1000 : limitSeconds).toPrecision(12));
  const buckets = (matcher: string) => `sum by (le) (0 * ${duration}_bucket{${labels},${matcher}})`;
  // The quantile of a histogram whose only sample is over every bucket is the bound of the largest bucket.
  return `histogram_quantile(1, ${buckets('le!="+Inf"')} or 1 + ${buckets('le="+Inf"')}) > ${limit}`;
}

/** The sum over all series of the counter, or of the histogram whose count is the counter. */
function overWindow({ metrics, labels, window }: Requests, operation: 'rate' | 'increase', matcher = ''): string {
  const { requests, duration, type } = metrics;
  const countsHistogram = type === 'native-histogram' && requests === `${duration}_count`;
  const sum = `sum(${operation}(${countsHistogram ? duration : requests}{${labels}${matcher}}[${window}]))`;
  return countsHistogram ? `histogram_count(${sum})` : sum;
}

import { type MetricFamilyName, metricFamily } from './metric-family';

/** The requests that a query is about. */
export interface Requests {
  readonly family: MetricFamilyName;
  /** Label matchers, for example `namespace="shop",job="web-canary"`. */
  readonly labels: string;
  /** Range of the query, for example `20s`: at least four scrape intervals. */
  readonly window: string;
}

/** Requests per second. Empty result if there is no series. */
export function requestRate({ family, labels, window }: Requests): string {
  return `sum(rate(${metricFamily(family).requests}{${labels}}[${window}]))`;
}

/**
 * Share of failed requests, from 0 to 1. 0 if no request ever failed (the series of failures is missing then) and if the service is idle. Empty
 * result if there is no series at all.
 */
export function errorRatio(requests: Requests): string {
  const { requests: counter, code } = metricFamily(requests.family);
  const { labels, window } = requests;
  return `(sum(rate(${counter}{${labels},${code}=~"5.."}[${window}])) or vector(0))
  / clamp_min(${requestRate(requests)}, 1e-9)`;
}

/** Latency in seconds at a quantile, for example 0.99. NaN if there are no requests. */
export function quantile({ family, labels, window }: Requests, share: number): string {
  return `histogram_quantile(${share}, sum by (le) (rate(${metricFamily(family).duration}_bucket{${labels}}[${window}])))`;
}

/** Latency in seconds at a quantile. Empty result if there are fewer than `samples` requests. */
export function quantileWithSamples(requests: Requests, share: number, samples: number): string {
  return `${quantile(requests, share)} and on() (${requestCount(requests)} >= ${samples})`;
}

/** Number of requests within the window. Empty result if there is no series. */
export function requestCount({ family, labels, window }: Requests): string {
  return `sum(increase(${metricFamily(family).duration}_count{${labels}}[${window}]))`;
}

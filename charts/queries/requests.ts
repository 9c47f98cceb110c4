import { type MetricFamilyName, metricFamily } from './metric-family';

/** Requests that are asked about. The formulas over them stand here once; what is asked for, and when, is said by who asks. */
export interface Requests {
  readonly family: MetricFamilyName;
  /** Matchers of labels, such as `namespace="shop",job="web-canary"`. */
  readonly labels: string;
  /** Window, such as `20s`: four scrapes at least. */
  readonly window: string;
}

/** Requests a second. No series: no answer. */
export function requestRate({ family, labels, window }: Requests): string {
  return `sum(rate(${metricFamily(family).requests}{${labels}}[${window}]))`;
}

/** Share of failed requests, 0 to 1. Without any failure ever: 0 (the missing series counts as none). Idle: 0. No series: no answer. */
export function errorRatio(requests: Requests): string {
  const { requests: counter, code } = metricFamily(requests.family);
  const { labels, window } = requests;
  return `(sum(rate(${counter}{${labels},${code}=~"5.."}[${window}])) or vector(0))
  / clamp_min(${requestRate(requests)}, 1e-9)`;
}

/** That share of the requests was quicker than this, in seconds. Without requests: NaN. */
export function quantile({ family, labels, window }: Requests, share: number): string {
  return `histogram_quantile(${share}, sum by (le) (rate(${metricFamily(family).duration}_bucket{${labels}}[${window}])))`;
}

/** The same, where there are `samples` requests to judge by. With fewer: no answer. */
export function quantileOf(requests: Requests, share: number, samples: number): string {
  return `${quantile(requests, share)} and on() (${requestCount(requests)} >= ${samples})`;
}

/** Requests within the window. No series: no answer. */
export function requestCount({ family, labels, window }: Requests): string {
  return `sum(increase(${metricFamily(family).duration}_count{${labels}}[${window}]))`;
}

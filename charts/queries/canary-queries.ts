import type { MetricNames } from '../../lib/catalog';
import {
  errorRatio,
  measuresDurationsOver,
  quantile,
  type Requests,
  requestCount,
  timedRequestCount,
} from './requests';

/** Selects the requests to the pods behind one Service, over a window. */
export interface ServiceRequests {
  readonly metrics: MetricNames;
  readonly namespace: string;
  /** Name of the Service. */
  readonly job: string;
  /** Range of the query, for example `20s`. */
  readonly window: string;
}

/** Requests to the pods behind one Service, selected by the labels that Prometheus Operator sets. */
export function requestsOf({ metrics, namespace, job, window }: ServiceRequests): Requests {
  return { metrics, labels: `namespace="${namespace}",job="${job}"`, window };
}

/** Requests to a canary, with Flagger's template variables: Flagger fills them in for the Canary that it checks. */
export function canaryRequests(metrics: MetricNames): Requests {
  return requestsOf({ metrics, namespace: '{{ namespace }}', job: '{{ target }}-canary', window: '{{ interval }}' });
}

/**
 * Percentage of failed requests, and of those without a known outcome. 0 if none failed, and 0 if there are no requests. Without metrics, the
 * result is empty, which Flagger counts as a failed check.
 */
export function errorPercentage(requests: Requests): string {
  return `100 * ${errorRatio(requests)}`;
}

/**
 * The 99th percentile in seconds. With fewer than `samples` requests, the result is 0, which passes every check. The result is empty, which
 * Flagger counts as a failed check, if
 * - the histogram does not exist, or is a summary;
 * - it has no bucket over the limit, so that every longer request would read as the largest bucket;
 * - it times fewer than `samples` of at least twice as many requests: it does not measure what the counter counts.
 */
export function percentile99(requests: Requests, samples: number, limitSeconds: number): string {
  const timed = timedRequestCount(requests);
  const isIdle = `${timed} < ${samples} and on() ${requestCount(requests)} < ${2 * samples}`;
  return `(
  (${quantile(requests, 0.99)} and on() ${timed} >= ${samples})
  or on() 0 * (${isIdle})
)
and on() ${measuresDurationsOver(requests, limitSeconds)}`;
}

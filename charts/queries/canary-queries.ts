import type { MetricFamilyName } from './metric-family';
import { errorRatio, quantileWithSamples, type Requests } from './requests';

/** Selects the requests to the pods behind one Service, over a window. */
export interface ServiceRequests {
  readonly family: MetricFamilyName;
  readonly namespace: string;
  /** Name of the Service. */
  readonly job: string;
  /** Range of the query, for example `20s`. */
  readonly window: string;
}

/** Requests to the pods behind one Service, selected by the labels that Prometheus Operator sets. */
export function requestsOf({ family, namespace, job, window }: ServiceRequests): Requests {
  return { family, labels: `namespace="${namespace}",job="${job}"`, window };
}

/** Requests to a canary, with Flagger's template variables: Flagger fills them in for the Canary that it checks. */
export function canaryRequests(family: MetricFamilyName): Requests {
  return requestsOf({ family, namespace: '{{ namespace }}', job: '{{ target }}-canary', window: '{{ interval }}' });
}

/**
 * Percentage of failed requests. 0 if none failed, and 0 if there are no requests. If the target is gone, the result is empty, which Flagger
 * counts as a failed check.
 */
export function errorPercentage(requests: Requests): string {
  return `100 * ${errorRatio(requests)}`;
}

/**
 * The 99th percentile in seconds. With fewer than `samples` requests, the result is 0 while the target is up, which passes every check. If the
 * target is gone, the result is empty, which Flagger counts as a failed check.
 */
export function percentile99(requests: Requests, samples: number): string {
  return `(
  ${quantileWithSamples(requests, 0.99, samples)}
)
or on() (0 * sum(up{${requests.labels}} == 1))`;
}

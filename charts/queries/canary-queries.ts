import type { MetricFamilyName } from './metric-family';
import { errorRatio, quantileOf, type Requests } from './requests';

/** What the pods behind one Service answer: by the labels that Prometheus Operator gives them. */
export function requestsOf(family: MetricFamilyName, namespace: string, job: string, window: string): Requests {
  return { family, labels: `namespace="${namespace}",job="${job}"`, window };
}

/** Flagger fills these in for the canary that it checks. */
export function canaryRequests(family: MetricFamilyName): Requests {
  return requestsOf(family, '{{ namespace }}', '{{ target }}-canary', '{{ interval }}');
}

/**
 * Failed requests in percent. Healthy without any failure: 0. Idle: 0. Target gone: no answer, which Flagger counts as a failed check.
 */
export function errorPercentage(requests: Requests): string {
  return `100 * ${errorRatio(requests)}`;
}

/**
 * The 99th percentile in seconds, as soon as there are `samples` requests to judge by. Fewer: 0 while the target is up, which judges nothing.
 * Target gone: no answer, which Flagger counts as a failed check.
 */
export function percentile99(requests: Requests, samples: number): string {
  return `(
  ${quantileOf(requests, 0.99, samples)}
)
or on() (0 * sum(up{${requests.labels}} == 1))`;
}

import type { MetricNames } from '../../lib/catalog';
import type { Requests } from './requests';

/** Selects all requests to a service, to its primary and to its canary. */
export interface ServiceSelection {
  readonly metrics: MetricNames;
  readonly namespace: string;
  readonly service: string;
}

/** All requests to a service over a window, selected by the names of the Services that Flagger creates. */
export function serviceRequests({ metrics, namespace, service }: ServiceSelection, window: string): Requests {
  return { metrics, labels: `namespace="${namespace}",job=~"${service}-(?:primary|canary)"`, window };
}

import type { MetricFamilyName } from './metric-family';
import type { Requests } from './requests';

/** All traffic of a service: what its primary and its canary answer. */
export interface ServiceSelection {
  readonly family: MetricFamilyName;
  readonly namespace: string;
  readonly service: string;
}

/** Its requests over a window, by the names of Flagger's Services. */
export function serviceRequests({ family, namespace, service }: ServiceSelection, window: string): Requests {
  return { family, labels: `namespace="${namespace}",job=~"${service}-(?:primary|canary)"`, window };
}

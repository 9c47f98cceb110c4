import { type MetricFamilyName, metricFamily } from './canary-queries';

/** All traffic of a service: what its primary and its canary answer. */
export interface ServiceSelection {
  readonly family: MetricFamilyName;
  readonly namespace: string;
  readonly service: string;
}

/** Labels of the series of a service, by the names of Flagger's Services. */
function labelsOf({ namespace, service }: ServiceSelection): string {
  return `namespace="${namespace}",job=~"${service}-(?:primary|canary)"`;
}

/** Share of failed requests over a window, 0 to 1. Idle: 0. No series at all: no answer. */
export function errorRatio(selection: ServiceSelection, window: string): string {
  const { requests, code } = metricFamily(selection.family);
  const labels = labelsOf(selection);
  return `(sum(rate(${requests}{${labels},${code}=~"5.."}[${window}])) or vector(0)) / clamp_min(sum(rate(${requests}{${labels}}[${window}])), 1e-9)`;
}

/** 99th percentile in seconds over a window. */
export function latency99(selection: ServiceSelection, window: string): string {
  const { duration } = metricFamily(selection.family);
  return `histogram_quantile(0.99, sum by (le) (rate(${duration}_bucket{${labelsOf(selection)}}[${window}])))`;
}

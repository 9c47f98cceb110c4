import type { MetricsField } from '../schema/service/metrics';
import { outcomes } from './outcomes';
import { type MetricsPreset, metricsPresets } from './presets';

/** The names and forms of the metrics by which a service is judged. Queries, alerts, dashboards and documents derive from it. */
export interface MetricNames {
  /** Counter of requests. The count of the histogram is a counter too. */
  readonly requests: string;
  /** Histogram of durations, without the suffixes `_bucket`, `_count` and `_sum`. */
  readonly duration: string;
  /** Label of the counter that contains the status code. */
  readonly status: string;
  readonly unit: 'seconds' | 'milliseconds';
  readonly type: 'histogram' | 'native-histogram';
  /** Regular expression of the values of `status` that are failures. */
  readonly failures: string;
  /** Regular expression of the values that are no failures. A request with any other value, or without the label, has no known outcome. */
  readonly successes: string;
}

/** The metrics of a service, and where they are scraped. */
export interface ServiceMetrics extends MetricNames {
  readonly port: number;
  readonly path: string;
}

export const defaultMetricsPath = '/metrics';

/** Resolves the field `metrics` of a service with the defaults of its preset, of its port and of its path. */
export function resolveMetrics(service: {
  readonly metrics: MetricsField;
  readonly metricsPath?: string | undefined;
  readonly port: number;
}): ServiceMetrics {
  const given: Partial<Exclude<MetricsField, string>> =
    typeof service.metrics === 'string' ? { preset: service.metrics } : service.metrics;
  const preset: MetricsPreset = metricsPresets[given.preset ?? 'client_golang'];
  const duration = given.duration ?? preset.duration;
  return {
    requests: given.requests ?? preset.requests ?? `${duration}_count`,
    duration,
    status: given.status ?? preset.status,
    unit: given.unit ?? unitOfName(duration),
    type: given.type ?? 'histogram',
    ...outcomes[preset.statusKind],
    port: given.port ?? service.port,
    path: given.path ?? service.metricsPath ?? defaultMetricsPath,
  };
}

/** The unit by the suffix of a histogram's name (https://prometheus.io/docs/practices/naming/#base-units). */
export function unitOfName(duration: string): MetricNames['unit'] {
  return /(?:^|_)(?:ms|millis|milliseconds)$/i.test(duration) ? 'milliseconds' : 'seconds';
}

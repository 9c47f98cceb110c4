import { z } from 'zod';
import { type MetricsPresetName, metricsPresetNames, resolveMetrics } from '../catalog';

const text = z.string().min(1, 'a non-empty string');

/** The field `metrics` of `services/<environment>/<service>.json`. */
export const serviceMetricsSchema = z.object({
  requests: text,
  duration: text,
  status: text,
  unit: z.enum(['seconds', 'milliseconds']),
  type: z.enum(['histogram', 'native-histogram']),
  failures: text,
  successes: text,
  port: z.int(),
  path: text,
});

/** The first version of the format had the name of a preset, with the path in a field of its own, and metrics on the port of the service. */
export function resolveMetricsPreset(value: unknown): unknown {
  const file = value as { readonly metrics?: unknown; readonly metricsPath?: unknown; readonly port?: unknown } | null;
  if (typeof file !== 'object' || file === null || !metricsPresetNames.includes(file.metrics as MetricsPresetName)) {
    return value;
  }
  const { metrics, metricsPath, port } = file;
  return {
    ...file,
    metrics: resolveMetrics({
      metrics: metrics as MetricsPresetName,
      metricsPath: typeof metricsPath === 'string' ? metricsPath : undefined,
      port: port as number,
    }),
  };
}

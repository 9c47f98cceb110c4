import { z } from 'zod';
import { metricsPresetNames } from '../../metrics/presets';
import { portField, urlPathField } from '../fields';

/** Units of a histogram of durations. */
export const durationUnits = ['seconds', 'milliseconds'] as const;

/** How a histogram is exported: in buckets with bounds of its own, or as a native histogram of Prometheus. */
export const histogramTypes = ['histogram', 'native-histogram'] as const;

const presetField = z.enum(metricsPresetNames, { error: `one of ${metricsPresetNames.join(', ')}` });

/** Names are queried as Prometheus stores them: the monitors ask for names without UTF-8, in which every other character is "_". */
const metricNameField = z
  .string()
  .max(200, 'a metric name of at most 200 characters')
  .regex(
    /^[a-zA-Z_:][a-zA-Z0-9_:]*$/,
    'a metric name of letters, digits, "_" and ":", such as http_requests_total (Prometheus replaces every other character by "_")',
  );

const labelField = z
  .string()
  .regex(
    /^[a-zA-Z_][a-zA-Z0-9_]*$/,
    'a label of letters, digits and "_", such as code (Prometheus replaces every other character by "_")',
  );

const namesSchema = z.strictObject({
  preset: presetField.optional().describe('The library whose names apply where no other name is given.'),
  requests: metricNameField.optional().describe('The counter of requests. Default: that of the preset.'),
  duration: metricNameField
    .optional()
    .describe('The histogram of durations, without _bucket, _count or _sum. Default: that of the preset.'),
  status: labelField
    .optional()
    .describe('The label of the counter that contains the status code. Default: that of the preset.'),
  unit: z
    .enum(durationUnits, { error: '"seconds" or "milliseconds"' })
    .optional()
    .describe('The unit of the histogram. Default: milliseconds if its name ends with _ms or _milliseconds.'),
  type: z
    .enum(histogramTypes, { error: '"histogram" or "native-histogram"' })
    .default('histogram')
    .describe('Whether the histogram has buckets (histogram) or is a native histogram of Prometheus.'),
  port: portField.optional().describe('The port of the metrics. Default: the port of the service.'),
  path: urlPathField.optional().describe('The path that Prometheus scrapes. Default: /metrics.'),
});

/** The metrics by which a release is judged. */
export const metricsSchema = z
  .union([presetField, namesSchema], {
    error: `one of ${metricsPresetNames.join(', ')}, or names: { requests: http_requests_total, duration: http_request_duration_seconds, status: code }`,
  })
  .default('client_golang')
  .describe(
    'The metrics by which a release is judged: the library that defines their names, or the names. The default is client_golang.',
  );

export type MetricsField = z.output<typeof metricsSchema>;

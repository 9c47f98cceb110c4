import { z } from 'zod';

/** The names of the metrics by which a release is judged. */
export const metricsSchema = z
  .enum(['client_golang', 'opentelemetry'], { error: '"client_golang" or "opentelemetry"' })
  .default('client_golang')
  .describe('The library that defines the metric names of the service.');

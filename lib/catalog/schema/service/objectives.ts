import { z } from 'zod';
import { durationBetween, percentField } from '../fields';

/** What users may expect of a service. */
export const objectivesSchema = z
  .strictObject({
    errorRate: percentField
      .default('1%')
      .describe('Maximum share of failed requests. A canary above it is rolled back.'),
    p99: durationBetween('5ms', '30s')
      .default('500ms')
      .describe('Maximum 99th percentile of the latency. A canary above it is rolled back.'),
    availability: z
      .string()
      .regex(/^99(?:\.[0-9]{1,3})?%$/, 'an availability, such as 99.9%')
      .default('99.9%')
      .describe('The service level objective of the burn-rate alerts.'),
  })
  .prefault({});

import { z } from 'zod';
import { urlPathField } from '../fields';

/** The requests that a service receives. */
export const trafficSchema = z
  .strictObject({
    requestsPerSecond: z
      .number('a number')
      .positive('a number greater than 0')
      .default(50)
      .describe('Expected traffic. It determines how much evidence a canary can provide.'),
    path: urlPathField
      .default('/')
      .describe('The path of generated requests, for a plan that judges a release by them (blue-green).'),
  })
  .prefault({});

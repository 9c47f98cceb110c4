import { z } from 'zod';
import { durationBetween, wholeSecondsBetween } from '../fields';

export const rolloutPresets = ['fast', 'balanced', 'careful', 'blue-green'] as const;
export type RolloutPreset = (typeof rolloutPresets)[number];

/** How a release is rolled out, and how long a bad one may affect users. */
export const rollbackSchema = z
  .strictObject({
    budget: durationBetween('10s', '30m')
      .default('65s')
      .describe('The maximum time that a bad release may affect users.'),
    plan: z
      .enum(rolloutPresets, { error: `one of ${rolloutPresets.join(', ')}` })
      .default('fast')
      .describe('The rollout plan of each release.'),
    steps: z
      .array(z.int().min(1, 'at least 1').max(100, 'at most 100'))
      .min(1, 'at least one weight')
      .optional()
      .describe('Canary weights in percent. Overrides the plan.'),
    threshold: z
      .int()
      .min(1, 'at least 1')
      .max(100, 'at most 100')
      .optional()
      .describe('The number of failed checks that triggers a rollback. Overrides the plan.'),
    interval: wholeSecondsBetween('10s', '10m').optional().describe('The time between checks. Overrides the plan.'),
    window: wholeSecondsBetween('10s', '30m')
      .optional()
      .describe('The time range that a check evaluates. Overrides the plan.'),
    scrape: wholeSecondsBetween('1s', '2m').optional().describe('The time between scrapes. Overrides the plan.'),
    progressDeadline: wholeSecondsBetween('10s', '30m')
      .optional()
      .describe(
        'The maximum time for pods to become ready, including migrations at start-up. Kubernetes restarts no container before it. Overrides the plan.',
      ),
  })
  .prefault({});

import * as fc from 'fast-check';
import type { Demand, RolloutPlan } from '../../lib/rollout';

export const alert = { ruleEvaluationSeconds: 5, groupWaitSeconds: 0, windowSeconds: 20, limitFactor: 2 } as const;

const steps = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 })
  .map((weights) => weights.sort((a, b) => a - b));

/** Plans that a catalog can express, including some with problems. */
export const plans: fc.Arbitrary<RolloutPlan> = fc.record({
  strategy: fc.constant('canary' as const),
  scrapeSeconds: fc.integer({ min: 1, max: 30 }),
  windowSeconds: fc.integer({ min: 10, max: 180 }),
  intervalSeconds: fc.integer({ min: 5, max: 60 }),
  threshold: fc.integer({ min: 1, max: 10 }),
  steps,
  progressDeadlineSeconds: fc.integer({ min: 10, max: 300 }),
  alertHook: fc.boolean(),
  alert: fc.record({
    ruleEvaluationSeconds: fc.integer({ min: 1, max: 15 }),
    groupWaitSeconds: fc.integer({ min: 0, max: 10 }),
    windowSeconds: fc.integer({ min: 10, max: 60 }),
    limitFactor: fc.constantFrom(1, 2, 3),
  }),
});

/** Plans whose windows hold at least four scrapes. */
export const plansWithSamples: fc.Arbitrary<RolloutPlan> = plans.map((plan) => ({
  ...plan,
  windowSeconds: Math.max(plan.windowSeconds, 4 * plan.scrapeSeconds),
  alert: { ...plan.alert, windowSeconds: Math.max(plan.alert.windowSeconds, 4 * plan.scrapeSeconds) },
}));

export const demands: fc.Arbitrary<Demand> = fc.record({
  requestsPerSecond: fc.constantFrom(1, 5, 20, 50, 80, 200, 1000, 20000),
  errorRateLimit: fc.constantFrom(0.001, 0.005, 0.01, 0.02, 0.05),
  p99LimitSeconds: fc.constant(0.5),
  rollbackBudgetSeconds: fc.integer({ min: 20, max: 900 }),
  podStartSeconds: fc.integer({ min: 1, max: 9 }),
});

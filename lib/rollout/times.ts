import type { RolloutPlan } from './plan';

/** Seconds from the beginning of a fault, in the best and in the worst case. */
export interface Span {
  readonly best: number;
  readonly worst: number;
}

/**
 * When a fault is visible in a query over window W, scraped every s: the share of bad requests in the window grows as `fault · t / W`
 * and crosses the limit at `W · limit / fault`; the next scrape shows it, at most s later.
 * Held against `promtool test rules` (s = 5: W 30, 60, 120 and faults of 5 % and 2 % against 1 %).
 * @param fault share of the canary's requests that are bad, 0 to 1
 * @param limit share that the objective allows, 0 to 1
 */
export function visibility(
  plan: Pick<RolloutPlan, 'scrapeSeconds' | 'windowSeconds'>,
  fault: number,
  limit: number,
): Span {
  if (fault <= limit) {
    return { best: Number.POSITIVE_INFINITY, worst: Number.POSITIVE_INFINITY };
  }
  const crossing = (plan.windowSeconds * limit) / fault;
  return { best: crossing, worst: crossing + plan.scrapeSeconds };
}

/**
 * When Flagger rolls back: T failed checks, counted at the beginning of the check after.
 * `best = V + T·I`, `worst = V + (T + 1)·I` (pkg/controller/scheduler.go tests the threshold before it runs the analysis).
 */
export function rollbackByChecks(plan: RolloutPlan, fault: number, limit: number): Span {
  const visible = visibility(plan, fault, limit);
  const interval = Math.max(10, plan.intervalSeconds);
  return { best: visible.best + plan.threshold * interval, worst: visible.worst + (plan.threshold + 1) * interval };
}

/**
 * When the alert rolls back through the agent's hook: visible, evaluated, delivered, and seen by the next check.
 * `worst = V + rule evaluation + group_wait + I`.
 */
export function rollbackByAlert(plan: RolloutPlan, fault: number, limit: number): Span {
  const visible = visibility(
    { scrapeSeconds: plan.scrapeSeconds, windowSeconds: plan.alert.windowSeconds },
    fault,
    limit,
  );
  const { ruleEvaluationSeconds, groupWaitSeconds } = plan.alert;
  return {
    best: visible.best + groupWaitSeconds,
    worst: visible.worst + ruleEvaluationSeconds + groupWaitSeconds + Math.max(10, plan.intervalSeconds),
  };
}

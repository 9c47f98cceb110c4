import { type Demand, defaultPodStartSeconds } from '../demand';
import type { RolloutPlan } from '../plan';
import { checkCount, checkOverheadSeconds, intervalOf, secondsToSamples } from './checks';

/** Seconds in the best and in the worst case. */
export interface Span {
  readonly best: number;
  readonly worst: number;
}

const never: Span = { best: Number.POSITIVE_INFINITY, worst: Number.POSITIVE_INFINITY };

/**
 * V: when a fault that begins during the rollout is visible in a query over window W, scraped every s.
 * The share of bad requests in the window grows as `fault · t / W` and crosses the limit at `W · limit / fault`; the next scrape shows it,
 * at most s later: `worst = W · limit / fault + s`. At best there is little else in the window: at once.
 * Held against `promtool test rules` (10 requests a second, limit 1 %, s = 5: W 30, 60, 120 with 5 % errors 10, 15, 25 s and with 2 % errors
 * 20, 35, 65 s).
 * @param fault share of the canary's requests that are bad, 0 to 1
 * @param limit share that the objective allows, 0 to 1
 */
export function visibility(
  plan: Pick<RolloutPlan, 'scrapeSeconds' | 'windowSeconds'>,
  fault: number,
  limit: number,
): Span {
  return fault <= limit ? never : { best: 0, worst: (plan.windowSeconds * limit) / fault + plan.scrapeSeconds };
}

/**
 * V of a fault that the new version has from its first request: its window holds nothing else, so the first scrape shows it, `V ≤ s`. A query
 * that needs a number of samples first shows it when it has them: `V ≤ time until N samples + s`.
 */
export function visibilityFromStart(plan: RolloutPlan, demand: Demand, samples = 0): Span {
  const enough = samples === 0 ? 0 : secondsToSamples(plan, demand, samples, plan.windowSeconds);
  return { best: enough, worst: enough + plan.scrapeSeconds };
}

/**
 * The same for the rule behind the hook, which always needs samples. While checks fail the weight stays: the samples must come together at
 * the weight of the first check that can fail.
 * @param checks V of the checks beside it
 */
export function alertVisibilityFromStart(plan: RolloutPlan, demand: Demand, samples: number, checks: Span): Span {
  const firstFailed = Math.min(
    firstCheckAfter(plan, Math.max(0, checks.best - checkOverheadSeconds)),
    checkCount(plan),
  );
  const enough = secondsToSamples(plan, demand, samples, plan.alert.windowSeconds, firstFailed);
  return { best: enough, worst: enough + plan.scrapeSeconds };
}

/**
 * V when the metrics vanish: with Prometheus gone at once; with the target gone as soon as fewer than two scrapes are left in the window,
 * which a rate needs: `W - s`. No answer is a failed check (pkg/metrics/providers/prometheus.go, ErrNoValuesFound).
 */
export function visibilityOfMissingMetrics(plan: Pick<RolloutPlan, 'scrapeSeconds' | 'windowSeconds'>): Span {
  return { best: 0, worst: plan.windowSeconds - plan.scrapeSeconds };
}

/**
 * From the beginning of a fault to its rollback by failed checks: T of them, counted at the start of the check after, before its analysis
 * (pkg/controller/scheduler.go, advanceCanary), whose work ends it: `best = V + T·I`, `worst = V + (T + 1)·I + w`.
 */
export function rollbackByChecks(plan: Pick<RolloutPlan, 'intervalSeconds' | 'threshold'>, visible: Span): Span {
  const interval = intervalOf(plan);
  return {
    best: visible.best + plan.threshold * interval,
    worst: visible.worst + (plan.threshold + 1) * interval + checkOverheadSeconds,
  };
}

/**
 * The same for a fault from the first request. Traffic comes with a check, so the times are multiples of I: the first check that fails is
 * number `k = floor(V / I) + 1` (a scrape at the very time of a check comes too late for it), the rollback `(k + T)·I`. At worst the weight
 * is set w after its tick and the next tick asks at once, `k = floor((V + w) / I) + 1`, and the rollback takes w: `(k + T)·I + w`. If no
 * check is left by then, the release is promoted.
 */
export function rollbackByChecksFromStart(plan: RolloutPlan, visible: Span): Span {
  const at = (first: number) =>
    first > checkCount(plan) ? Number.POSITIVE_INFINITY : (first + plan.threshold) * intervalOf(plan);
  return {
    best: at(firstCheckAfter(plan, visible.best)),
    worst: at(firstCheckAfterAtWorst(plan, visible.worst)) + checkOverheadSeconds,
  };
}

/** The number of the first check, counted from the new version's first request, that sees what became visible after `seconds`. */
export function firstCheckAfter(plan: Pick<RolloutPlan, 'intervalSeconds'>, seconds: number): number {
  return Math.floor(seconds / intervalOf(plan)) + 1;
}

/** The same at worst: by the request that the check before sent w after its tick. */
export function firstCheckAfterAtWorst(plan: Pick<RolloutPlan, 'intervalSeconds'>, seconds: number): number {
  return firstCheckAfter(plan, seconds + checkOverheadSeconds);
}

/**
 * From the beginning of a fault to its rollback by an alert through the agent's hook: visible, evaluated, delivered, and seen by the next
 * check, which asks the hook before anything else (pkg/controller/scheduler.go, runRollbackHooks): `worst = V + rule evaluation +
 * group_wait + I + w`.
 */
export function rollbackByAlert(plan: RolloutPlan, visible: Span): Span {
  const { ruleEvaluationSeconds, groupWaitSeconds } = plan.alert;
  return {
    best: visible.best + groupWaitSeconds,
    worst: visible.worst + ruleEvaluationSeconds + groupWaitSeconds + intervalOf(plan) + checkOverheadSeconds,
  };
}

/**
 * When all pods stop being ready: Flagger returns before its analysis and before its hooks, until the deployment has been unavailable for
 * longer than D, which the next check sees: `best = D`, `worst = D + I + w` (pkg/canary/deployment_ready.go, isDeploymentReady).
 * Pods that get ready again between two crashes begin that time anew, and Flagger goes on with the rollout at a check that finds them ready: on
 * the lab, pods that crashed every 15 s had half of the traffic after 100 s, and were not taken back for more than 145 s. What such a release
 * costs is bounded by no plan; the alerts of the service see it.
 * While some pods are still ready the deployment counts as available, and Flagger waits for ever (fluxcd/flagger issues 1578, 523, 1247).
 */
export function rollbackByDeadline(plan: RolloutPlan): Span {
  return {
    best: plan.progressDeadlineSeconds,
    worst: plan.progressDeadlineSeconds + intervalOf(plan) + checkOverheadSeconds,
  };
}

/**
 * The same for pods that never get ready, from the check that sees the release: that check makes the pods, w later at most, and the deadline
 * runs from there: `worst = w + D + I + w`.
 */
export function rollbackByDeadlineFromStart(plan: RolloutPlan): Span {
  const { best, worst } = rollbackByDeadline(plan);
  return { best, worst: worst + checkOverheadSeconds };
}

/**
 * From a new revision in the cluster to the end of the promotion of a healthy one: seen by the next check (0 to I), pods ready at a check,
 * one check a weight, the primary's pods ready at a check, and one more check to end (pkg/controller/scheduler.go, runCanary,
 * runPromotionTrafficShift). `p = max(1, ceil(pod start / I))`: `(p + checks + p + 1)·I`, at worst I more, and w that the last check works;
 * there pods are made w after a tick, `p = max(1, ceil((pod start + w) / I))`.
 * It holds for pods that start as soon as the demand says; each I that they take longer comes on top.
 */
export function timeToPromote(plan: RolloutPlan, demand: Demand): Span {
  const interval = intervalOf(plan);
  const start = demand.podStartSeconds ?? defaultPodStartSeconds;
  const after = (seconds: number) => (2 * Math.max(1, Math.ceil(seconds / interval)) + checkCount(plan) + 1) * interval;
  return { best: after(start), worst: after(start + checkOverheadSeconds) + interval + checkOverheadSeconds };
}

/** Seconds from Flagger's start until it takes up its canaries: its -control-loop-interval, where nobody says otherwise (cmd/flagger/main.go). */
const controlLoopSeconds = 10;

/**
 * A promotion in which Flagger is away for a while: it knows from the Canary where it was, and takes it up one control loop after its start.
 * The tick that was due comes that much later: `worst + away + control loop`.
 */
export function timeToPromoteAcrossRestart(promote: Span, awaySeconds: number): Span {
  return { best: promote.best, worst: promote.worst + awaySeconds + controlLoopSeconds };
}

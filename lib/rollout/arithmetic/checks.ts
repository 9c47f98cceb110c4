import type { Demand } from '../demand';
import type { RolloutPlan } from '../plan';

/** Flagger silently raises a shorter interval to this (pkg/apis/flagger/v1beta1/canary.go, GetAnalysisInterval). */
export const shortestIntervalSeconds = 10;

/**
 * w, the check overhead: the longest time Flagger spends on one check, from its tick to the weight that it sets. A check makes about twelve
 * requests to the API server and one query per metric. Ticks come every I no matter how long the previous check took (pkg/controller/job.go uses
 * a ticker), so the overhead counts once per rollout and not once per check.
 * Measured in the lab, on two cores shared with other work: weights lasted 39.97 to 40.04 s where ticks alone make 40 s, and 49.95 to 50.11 s
 * where they make 50 s. One second is ten times that, for API servers and Prometheus servers that are busier than the lab's.
 */
export const checkOverheadSeconds = 1;

/** I, as Flagger runs it. */
export function intervalOf(plan: Pick<RolloutPlan, 'intervalSeconds'>): number {
  return Math.max(shortestIntervalSeconds, plan.intervalSeconds);
}

/**
 * Checks that a release has to pass: one at each weight; for blue-green, one more than its iterations
 * (pkg/controller/scheduler.go: runCanary promotes at the first passed check at the largest weight, runBlueGreen after `iterations + 1`).
 */
export function checkCount(plan: RolloutPlan): number {
  return plan.strategy === 'canary' ? plan.steps.length : (plan.iterations ?? 0) + 1;
}

/**
 * Checks that one short burst fails, because it stays in the window: `ceil(W/I)`. Verified with promtool: W = 20 s and I = 10 s fail 2 checks,
 * 60 s and 10 s fail 6.
 */
export function checksOfOneBurst(plan: RolloutPlan): number {
  return Math.ceil(plan.windowSeconds / intervalOf(plan));
}

/** Requests per second that the new version answers between check `check - 1` and check `check` (1 is the first): `rps·weight`. */
export function canaryRate(plan: RolloutPlan, demand: Demand, check: number): number {
  if (plan.strategy === 'blue-green') {
    return plan.syntheticRequestsPerSecond ?? 0;
  }
  const last = plan.steps.length;
  return check < 1 ? 0 : (demand.requestsPerSecond * (plan.steps[Math.min(check, last) - 1] ?? 0)) / 100;
}

/**
 * Requests in the window of a check. The window covers the last W seconds, which include the lower weight before the last step: the first check
 * at a weight sees fewer than the `rps·weight·W` of a full window.
 * @param retry how often this check has failed already; the weight stays, and the window fills
 */
export function samplesAtCheck(plan: RolloutPlan, demand: Demand, check: number, retry = 0): number {
  const interval = intervalOf(plan);
  let samples = 0;
  let uncovered = plan.windowSeconds;
  for (let back = 0; uncovered > 0 && check + retry - back > 0; back += 1) {
    const seconds = Math.min(interval, uncovered);
    samples += seconds * canaryRate(plan, demand, back <= retry ? check : check + retry - back);
    uncovered -= seconds;
  }
  return samples;
}

/**
 * Seconds from the new version's first request until a window of `windowSeconds` holds `samples` of its requests; infinite if the rollout ends
 * before that.
 * @param firstFailed number of the first check that fails: the weight stays from there on, and T - 1 more checks fail. Default: all checks pass.
 */
export function secondsToSamples(
  plan: RolloutPlan,
  demand: Demand,
  samples: number,
  windowSeconds: number,
  firstFailed?: number,
): number {
  const interval = intervalOf(plan);
  const end = (firstFailed === undefined ? checkCount(plan) : firstFailed + plan.threshold) * interval;
  const answeredUntil = (until: number): number => {
    let answered = 0;
    for (let check = 1; (check - 1) * interval < until; check += 1) {
      const rate = canaryRate(plan, demand, Math.min(check, firstFailed ?? check));
      answered += rate * Math.min(interval, until - (check - 1) * interval);
    }
    return answered;
  };
  const inWindow = (at: number) => answeredUntil(at) - answeredUntil(Math.max(0, at - windowSeconds));
  // The number of samples is linear between the times at which a weight enters or leaves the window.
  const rateChanges = new Set([end, Math.min(end, windowSeconds)]);
  for (let at = interval; at < end; at += interval) {
    rateChanges.add(at);
    rateChanges.add(Math.min(end, at + windowSeconds));
  }
  let from = 0;
  for (const to of [...rateChanges].sort((a, b) => a - b)) {
    const [before, after] = [inWindow(from), inWindow(to)];
    if (after >= samples) {
      return after === before ? from : from + ((to - from) * (samples - before)) / (after - before);
    }
    from = to;
  }
  return Number.POSITIVE_INFINITY;
}

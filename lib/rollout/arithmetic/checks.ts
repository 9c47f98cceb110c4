import type { Demand } from '../demand';
import type { RolloutPlan } from '../plan';

/** Flagger makes any shorter interval this long, without a word (pkg/apis/flagger/v1beta1/canary.go, GetAnalysisInterval). */
export const shortestIntervalSeconds = 10;

/**
 * w: the longest that Flagger works at one check, from its tick to what it sets: a dozen requests of the API server and a query a metric.
 * Ticks come every I whatever the work before took (pkg/controller/job.go: a ticker), so that it counts once in a rollout and not once a check.
 * On the lab, two cores that other work shared: weights stood 39.97 to 40.04 s where ticks alone make 40, and 49.95 to 50.11 where they make 50. A
 * second is ten times that, for API servers and Prometheus that are busier than the lab's.
 */
export const checkOverheadSeconds = 1;

/** I, as Flagger runs it. */
export function intervalOf(plan: Pick<RolloutPlan, 'intervalSeconds'>): number {
  return Math.max(shortestIntervalSeconds, plan.intervalSeconds);
}

/**
 * Checks that a release has to pass: one at each weight; blue-green one more than its iterations
 * (pkg/controller/scheduler.go: runCanary promotes at the first passed check at the largest weight, runBlueGreen after `iterations + 1`).
 */
export function checkCount(plan: RolloutPlan): number {
  return plan.strategy === 'canary' ? plan.steps.length : (plan.iterations ?? 0) + 1;
}

/** Checks that one short burst fails, since it stays in the window: `ceil(W / I)` (measured with promtool: W 20 s, I 10 s → 2; 60, 10 → 6). */
export function checksOfOneBurst(plan: RolloutPlan): number {
  return Math.ceil(plan.windowSeconds / intervalOf(plan));
}

/** Requests a second that the new version answers between check `check - 1` and check `check` (1 is the first): `rps · weight`. */
export function canaryRate(plan: RolloutPlan, demand: Demand, check: number): number {
  if (plan.strategy === 'blue-green') {
    return plan.syntheticRequestsPerSecond ?? 0;
  }
  const last = plan.steps.length;
  return check < 1 ? 0 : (demand.requestsPerSecond * (plan.steps[Math.min(check, last) - 1] ?? 0)) / 100;
}

/**
 * Requests in the window of a check: those of the last W seconds, in which the weight was lower before the last step.
 * A check at a weight of its own full window would see `rps · weight · W`; the first check at that weight sees fewer.
 * @param retry how often this check has failed before; the weight stays, and the window fills
 */
export function samplesAtCheck(plan: RolloutPlan, demand: Demand, check: number, retry = 0): number {
  const interval = intervalOf(plan);
  let samples = 0;
  let rest = plan.windowSeconds;
  for (let back = 0; rest > 0 && check + retry - back > 0; back += 1) {
    const seconds = Math.min(interval, rest);
    samples += seconds * canaryRate(plan, demand, back <= retry ? check : check + retry - back);
    rest -= seconds;
  }
  return samples;
}

/**
 * Seconds from the new version's first request until a window of `windowSeconds` holds `samples` of its requests; infinite if the rollout is
 * over before.
 * @param firstFailed number of the first check that fails: from there the weight stays, and T - 1 more checks fail. Without it all pass.
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
  const answered = (until: number): number => {
    let sum = 0;
    for (let check = 1; (check - 1) * interval < until; check += 1) {
      const rate = canaryRate(plan, demand, Math.min(check, firstFailed ?? check));
      sum += rate * Math.min(interval, until - (check - 1) * interval);
    }
    return sum;
  };
  const inWindow = (at: number) => answered(at) - answered(Math.max(0, at - windowSeconds));
  // Between the times at which a weight enters or leaves the window, the number of samples is linear.
  const bends = new Set([end, Math.min(end, windowSeconds)]);
  for (let at = interval; at < end; at += interval) {
    bends.add(at);
    bends.add(Math.min(end, at + windowSeconds));
  }
  let from = 0;
  for (const to of [...bends].sort((a, b) => a - b)) {
    const [before, after] = [inWindow(from), inWindow(to)];
    if (after >= samples) {
      return after === before ? from : from + ((to - from) * (samples - before)) / (after - before);
    }
    from = to;
  }
  return Number.POSITIVE_INFINITY;
}

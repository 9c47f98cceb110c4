import { type Demand, healthyErrorRate, healthySlowShare, referenceFault, slowShareLimit } from '../demand';
import type { RolloutPlan } from '../plan';
import { probabilityOfBreach } from './binomial';
import { checkCount, checksOfOneBurst, intervalOf, samplesAtCheck } from './checks';
import { firstCheckAfter, visibilityFromStart } from './rollback-times';
import { percentileSamples } from './samples-needed';

/**
 * The chance that a check fails. Errors: more than the limit among its samples, by the binomial distribution. p99: the same with the 1 % that
 * it allows, where there are samples enough; otherwise it passes.
 */
export interface ShareOfBad {
  readonly errors: number;
  readonly slow: number;
}

export function chanceOfFailure(demand: Demand, share: ShareOfBad, samples: number, factor = 1): number {
  const errors = probabilityOfBreach(samples, share.errors, Math.min(1, demand.errorRateLimit * factor));
  const slow = samples < percentileSamples ? 0 : probabilityOfBreach(samples, share.slow, slowShareLimit * factor);
  return 1 - (1 - errors) * (1 - slow);
}

/**
 * The chance that T checks fail before the last one passes, if checks are independent.
 * @param failure chance that a check fails, by its number and by how often it failed before
 * @param failuresOfOne failed checks that come of one bad window: `ceil(W / I)` where a burst stays in the windows after it
 */
export function rollbackProbability(
  checks: number,
  threshold: number,
  failure: (check: number, retry: number) => number,
  failuresOfOne = 1,
): number {
  const known = new Map<number, number>();
  const from = (check: number, failed: number, retry: number): number => {
    if (failed >= threshold) {
      return 1;
    }
    if (check > checks) {
      return 0;
    }
    // Retries are failures, so there are never more than of these.
    const key = (check * (threshold + 1) + failed) * (threshold + 1) + retry;
    const before = known.get(key);
    if (before !== undefined) {
      return before;
    }
    const chance = failure(check, retry);
    const rollback =
      chance * from(check, failed + failuresOfOne, retry + failuresOfOne) + (1 - chance) * from(check + 1, failed, 0);
    known.set(key, rollback);
    return rollback;
  };
  return from(1, 0, 0);
}

/**
 * The chance that a healthy release is rolled back by noise. Checks overlap, so one bad window fails up to `ceil(W / I)` of them: counted
 * both as independent checks and as bursts, and the larger is taken. With the alert hook, one evaluation over its higher limit is enough:
 * the sum over all evaluations of the rollout comes on top.
 */
export function falseRollback(plan: RolloutPlan, demand: Demand): number {
  const healthy = { errors: healthyErrorRate(demand), slow: healthySlowShare(demand) };
  const failure = failures(plan, demand, healthy);
  const checks = checkCount(plan);
  const byChecks = Math.max(
    rollbackProbability(checks, plan.threshold, failure),
    rollbackProbability(checks, plan.threshold, failure, checksOfOneBurst(plan)),
  );
  return plan.alertHook ? Math.min(1, byChecks + falseAlert(plan, demand, healthy)) : byChecks;
}

/** The chance that a check fails, by its number and its retries; after a window of retries nothing changes any more. */
function failures(plan: RolloutPlan, demand: Demand, share: ShareOfBad): (check: number, retry: number) => number {
  const full = checksOfOneBurst(plan);
  const known = new Map<number, number>();
  return (check, retry) => {
    const filled = Math.min(retry, full);
    const key = check * (full + 1) + filled;
    const chance = known.get(key) ?? chanceOfFailure(demand, share, samplesAtCheck(plan, demand, check, filled));
    known.set(key, chance);
    return chance;
  };
}

function falseAlert(plan: RolloutPlan, demand: Demand, healthy: ShareOfBad): number {
  const window = { ...plan, windowSeconds: plan.alert.windowSeconds };
  const evaluations = Math.ceil(intervalOf(plan) / plan.alert.ruleEvaluationSeconds);
  let sum = 0;
  for (let check = 1; check <= checkCount(plan); check += 1) {
    const samples = samplesAtCheck(window, demand, check);
    // The rule judges nothing by fewer samples than a percentile needs.
    if (samples >= percentileSamples) {
      sum += evaluations * chanceOfFailure(demand, healthy, samples, plan.alert.limitFactor);
    }
  }
  return sum;
}

/** A chance for a release with five times the errors that the limit allows, and for one with five times the slow requests that a p99 allows. */
export interface MissedFault {
  readonly errors: number;
  readonly slow: number;
}

/**
 * The chance that the measured fault (five times the limit, from the first request) passes all checks before T of them fail: promoted. Checks alone:
 * the alert hook is not counted on.
 */
export function missedFault(plan: RolloutPlan, demand: Demand): MissedFault {
  const missed = (share: ShareOfBad) =>
    1 - rollbackProbability(checkCount(plan), plan.threshold, failures(plan, demand, share));
  return {
    errors: missed({ errors: referenceFault(demand.errorRateLimit), slow: 0 }),
    slow: missed({ errors: 0, slow: referenceFault(slowShareLimit) }),
  };
}

/**
 * The chance that the measured fault, from the first request and at random, passes the first check that has samples enough to fail: by then few
 * requests have come, and as few bad ones as the limit allows may be among them. The rollback comes I later then; worst cases are those of a
 * fault that every window shows.
 */
export function passedByChance(plan: RolloutPlan, demand: Demand): MissedFault {
  const passes = (share: ShareOfBad, samples: number) => {
    const first = firstCheckAfter(plan, visibilityFromStart(plan, demand, samples).worst);
    return first > checkCount(plan) ? 1 : 1 - failures(plan, demand, share)(first, 0);
  };
  return {
    errors: passes({ errors: referenceFault(demand.errorRateLimit), slow: 0 }, 0),
    slow: passes({ errors: 0, slow: referenceFault(slowShareLimit) }, percentileSamples),
  };
}

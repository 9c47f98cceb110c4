import { type Demand, healthyErrorRate, healthySlowShare, referenceFault, slowShareLimit } from '../demand';
import type { RolloutPlan } from '../plan';
import { probabilityOfBreach } from './binomial';
import { checkCount, checksOfOneBurst, intervalOf, samplesAtCheck } from './checks';
import { firstCheckAfter, visibilityFromStart } from './rollback-times';
import { percentileSamples } from './samples-needed';

/** Shares of bad requests in a release, 0 to 1. */
interface BadShares {
  readonly errors: number;
  readonly slow: number;
}

/** A probability for each reference fault: five times the errors that the limit allows, and five times the slow requests that a p99 allows. */
export interface FaultProbabilities {
  readonly errors: number;
  readonly slow: number;
}

/**
 * The probability that a healthy release is rolled back: a false rollback. Checks overlap, so one bad window fails up to `ceil(W/I)` of them;
 * both models are computed, independent checks and bursts, and the larger probability counts. With the rollback hook, one evaluation over the
 * alert's limit is enough: the sum over all evaluations of the rollout is added.
 */
export function falseRollbackProbability(plan: RolloutPlan, demand: Demand): number {
  const healthy = { errors: healthyErrorRate(demand), slow: healthySlowShare(demand) };
  const failure = checkFailures(plan, demand, healthy);
  const checks = checkCount(plan);
  const byChecks = Math.max(
    rollbackProbability(checks, plan.threshold, failure),
    rollbackProbability(checks, plan.threshold, failure, checksOfOneBurst(plan)),
  );
  return plan.alertHook ? Math.min(1, byChecks + falseAlertProbability(plan, demand, healthy)) : byChecks;
}

/**
 * The probability that the reference fault, from the first request on, passes all checks before T of them fail, and is promoted. Only checks
 * count here, not the rollback hook.
 */
export function missedFaultProbability(plan: RolloutPlan, demand: Demand): FaultProbabilities {
  const missed = (shares: BadShares) =>
    1 - rollbackProbability(checkCount(plan), plan.threshold, checkFailures(plan, demand, shares));
  return {
    errors: missed({ errors: referenceFault(demand.errorRateLimit), slow: 0 }),
    slow: missed({ errors: 0, slow: referenceFault(slowShareLimit) }),
  };
}

/**
 * The probability that the reference fault, random and from the first request on, passes the first check that has enough samples to fail. By
 * then few requests have arrived, and no more of them may be bad than the limit allows. The rollback is I later then; the worst cases assume a
 * fault that every window shows.
 */
export function firstCheckPassProbability(plan: RolloutPlan, demand: Demand): FaultProbabilities {
  const passes = (shares: BadShares, samples: number) => {
    const first = firstCheckAfter(plan, visibilityFromStart(plan, demand, samples).worst);
    return first > checkCount(plan) ? 1 : 1 - checkFailures(plan, demand, shares)(first, 0);
  };
  return {
    errors: passes({ errors: referenceFault(demand.errorRateLimit), slow: 0 }, 0),
    slow: passes({ errors: 0, slow: referenceFault(slowShareLimit) }, percentileSamples),
  };
}

/** The probability that a check fails, by its number and by how often it has failed already. */
type CheckFailure = (check: number, retry: number) => number;

/**
 * The probability that T checks fail before the last one passes, if checks are independent.
 * @param failuresPerBadWindow failed checks that one bad window causes: `ceil(W/I)` where a burst stays in the windows of later checks
 */
export function rollbackProbability(
  checks: number,
  threshold: number,
  failure: CheckFailure,
  failuresPerBadWindow = 1,
): number {
  const known = new Map<number, number>();
  const probabilityFrom = (check: number, failed: number, retry: number): number => {
    if (failed >= threshold) {
      return 1;
    }
    if (check > checks) {
      return 0;
    }
    // A retry is a failed check, so both counts are below threshold + 1.
    const key = (check * (threshold + 1) + failed) * (threshold + 1) + retry;
    const cached = known.get(key);
    if (cached !== undefined) {
      return cached;
    }
    const fails = failure(check, retry);
    const probability =
      fails * probabilityFrom(check, failed + failuresPerBadWindow, retry + failuresPerBadWindow) +
      (1 - fails) * probabilityFrom(check + 1, failed, 0);
    known.set(key, probability);
    return probability;
  };
  return probabilityFrom(1, 0, 0);
}

/** The failure probabilities of a plan's checks. Once retries fill the window, further retries change nothing. */
function checkFailures(plan: RolloutPlan, demand: Demand, shares: BadShares): CheckFailure {
  const full = checksOfOneBurst(plan);
  const known = new Map<number, number>();
  return (check, retry) => {
    const filled = Math.min(retry, full);
    const key = check * (full + 1) + filled;
    const probability =
      known.get(key) ?? failureProbability(demand, shares, samplesAtCheck(plan, demand, check, filled));
    known.set(key, probability);
    return probability;
  };
}

/**
 * The probability that a check fails. Errors: more than the limit among its samples, by the binomial distribution. p99: the same with the 1 %
 * that it allows; with too few samples it passes.
 */
function failureProbability(demand: Demand, shares: BadShares, samples: number, limitFactor = 1): number {
  const errors = probabilityOfBreach(samples, shares.errors, Math.min(1, demand.errorRateLimit * limitFactor));
  const slow =
    samples < percentileSamples ? 0 : probabilityOfBreach(samples, shares.slow, slowShareLimit * limitFactor);
  return 1 - (1 - errors) * (1 - slow);
}

function falseAlertProbability(plan: RolloutPlan, demand: Demand, healthy: BadShares): number {
  const ruleWindow = { ...plan, windowSeconds: plan.alert.windowSeconds };
  const evaluations = Math.ceil(intervalOf(plan) / plan.alert.ruleEvaluationSeconds);
  let sum = 0;
  for (let check = 1; check <= checkCount(plan); check += 1) {
    const samples = samplesAtCheck(ruleWindow, demand, check);
    // The rule does not fire on fewer samples than a percentile needs.
    if (samples >= percentileSamples) {
      sum += evaluations * failureProbability(demand, healthy, samples, plan.alert.limitFactor);
    }
  }
  return sum;
}

/**
 * How long a bad release reaches users, until Flagger rolls it back. These are the formulas; each function below computes one of them and
 * builds the printed equation from the same term.
 *
 *     fault that begins during the rollout     V + (T + 1)·I + w                             rollbackByChecks
 *     fault from the first request             (k + T)·I + w                                 rollbackByChecksFromStart
 *     alert behind the rollback hook           V + evaluation + group_wait + I + w           rollbackByAlert
 *     the same, fault from the first request   k·I + w                                       rollbackByAlertFromStart
 *     all pods crash and stay down             D + I + w                                     rollbackByDeadline
 *     pods never become ready                  D + I + 2·w                                   rollbackByDeadlineFromStart
 *
 *     V   seconds until a fault is visible     W·limit/fault + s                             visibility
 *         the same from the first request      time until N samples + s                      visibilityFromStart
 *         until missing metrics are visible    W - s                                         visibilityOfMissingMetrics
 *
 *     promotion of a healthy release           (2·p + checks + 2)·I + w                      timeToPromote
 *
 * s = scrape interval, W = window of the query, I = interval between checks, T = failed checks until rollback, D = progress deadline,
 * w = check overhead, k = number of the first check that fails, p = checks until the pods are ready, N = samples that the query needs.
 */
import { type Demand, defaultPodStartSeconds } from '../demand';
import type { RolloutPlan } from '../plan';
import { checkCount, checkOverheadSeconds, intervalOf, secondsToSamples } from './checks';
import { constant, difference, evaluated, product, quantity, sum, type Term } from './formula';

/** Seconds in the best and in the worst case. */
export interface Span {
  readonly best: number;
  readonly worst: number;
}

/** A span with the formula of its worst case: `worst` is the value of `term`, or infinite where the release is never rolled back. */
export interface ComputedSpan extends Span {
  readonly term: Term;
}

const overhead = quantity('w', checkOverheadSeconds);

const firstCheckText = 'the number of the first check later than';

/**
 * V: when a fault that begins during the rollout becomes visible in a query over window W, scraped every s.
 * The share of bad requests in the window grows as `fault·t/W` and crosses the limit at `W·limit/fault`. The next scrape shows it, at most s
 * later: `worst = W·limit/fault + s`. In the best case the window holds few other requests, and the fault is visible at once.
 * Verified with `promtool test rules` (10 requests per second, limit 1 %, s = 5: for W = 30, 60, 120, 5 % errors are visible after 10, 15, 25 s
 * and 2 % errors after 20, 35, 65 s).
 * @param fault share of the canary's requests that are bad, 0 to 1
 * @param limit share that the objective allows, 0 to 1
 */
export function visibility(
  plan: Pick<RolloutPlan, 'scrapeSeconds' | 'windowSeconds'>,
  fault: number,
  limit: number,
): ComputedSpan {
  return fault <= limit
    ? visibleBetween(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    : visibleBetween(0, (plan.windowSeconds * limit) / fault + plan.scrapeSeconds);
}

/**
 * V of a fault that the new version has from its first request. Its window holds no other requests, so the first scrape shows the fault:
 * `V ≤ s`. A query that needs a number of samples shows it once it has them: `V ≤ time until N samples + s`.
 */
export function visibilityFromStart(plan: RolloutPlan, demand: Demand, samples = 0): ComputedSpan {
  const enough = samples === 0 ? 0 : secondsToSamples(plan, demand, samples, plan.windowSeconds);
  return visibleBetween(enough, enough + plan.scrapeSeconds);
}

/**
 * V from the first request for the rule behind the rollback hook, which always needs samples. The weight does not grow while checks fail, so
 * the samples must arrive at the weight of the first check that can fail.
 * @param checks V of the checks that run at the same time
 */
export function alertVisibilityFromStart(
  plan: RolloutPlan,
  demand: Demand,
  samples: number,
  checks: Span,
): ComputedSpan {
  const firstFailed = Math.min(
    firstCheckAfter(plan, Math.max(0, checks.best - checkOverheadSeconds)),
    checkCount(plan),
  );
  const enough = secondsToSamples(plan, demand, samples, plan.alert.windowSeconds, firstFailed);
  return visibleBetween(enough, enough + plan.scrapeSeconds);
}

/**
 * V when the metrics disappear. If Prometheus is down, the next check finds no value. If the target is down, a check finds no value once fewer
 * than two scrapes are left in the window, because a rate needs two: `W - s`. A query without a value is a failed check
 * (pkg/metrics/providers/prometheus.go, ErrNoValuesFound).
 */
export function visibilityOfMissingMetrics(plan: Pick<RolloutPlan, 'scrapeSeconds' | 'windowSeconds'>): ComputedSpan {
  const worst = evaluated(difference(quantity('W', plan.windowSeconds), quantity('s', plan.scrapeSeconds)));
  return computedSpan(0, worst);
}

/**
 * From the beginning of a fault to its rollback by failed checks. T checks fail; Flagger compares their count with the threshold at the start
 * of the next check, before its analysis (pkg/controller/scheduler.go, advanceCanary), and that check's overhead ends the rollback:
 * `best = V + T·I`, `worst = V + (T + 1)·I + w`.
 */
export function rollbackByChecks(
  plan: Pick<RolloutPlan, 'intervalSeconds' | 'threshold'>,
  visible: ComputedSpan,
): ComputedSpan {
  const checks = evaluated(sum(quantity('T', plan.threshold), constant(1)));
  return computedSpan(
    visible.best + plan.threshold * intervalOf(plan),
    sum(visible.term, product(checks, interval(plan)), overhead),
  );
}

/**
 * From the first request to a rollback by failed checks. A check starts the traffic, so all times are multiples of I. The first check that
 * fails has number `k = floor(V/I) + 1`, because a scrape at the same time as a check is not seen by it; `best = (k + T)·I`.
 * In the worst case Flagger sets the weight w after its tick and queries at once at the next tick: `k = floor((V + w)/I) + 1`, and the rollback
 * itself takes w: `worst = (k + T)·I + w`. If no check is left by then, Flagger promotes the release.
 */
export function rollbackByChecksFromStart(plan: RolloutPlan, visible: ComputedSpan): ComputedSpan {
  const bestCheck = firstCheckAfter(plan, visible.best);
  const worstCheck = firstCheckAfterAtWorst(plan, visible.worst);
  const k = quantity('k', worstCheck, {
    text: firstCheckText,
    term: evaluated(sum(visible.term, overhead)),
  });
  const term = sum(product(sum(k, quantity('T', plan.threshold)), interval(plan)), overhead);
  return {
    best: bestCheck > checkCount(plan) ? Number.POSITIVE_INFINITY : (bestCheck + plan.threshold) * intervalOf(plan),
    worst: worstCheck > checkCount(plan) ? Number.POSITIVE_INFINITY : term.value,
    term,
  };
}

/** The number of the first check, counted from the new version's first request, that sees what became visible after `seconds`. */
export function firstCheckAfter(plan: Pick<RolloutPlan, 'intervalSeconds'>, seconds: number): number {
  return Math.floor(seconds / intervalOf(plan)) + 1;
}

/** The same in the worst case: the previous check sends the first request up to w after its tick. */
export function firstCheckAfterAtWorst(plan: Pick<RolloutPlan, 'intervalSeconds'>, seconds: number): number {
  return firstCheckAfter(plan, seconds + checkOverheadSeconds);
}

/**
 * From the beginning of a fault to its rollback by an alert through the rollback hook. The fault becomes visible, Prometheus evaluates the rule,
 * Alertmanager delivers the alert, and the next check asks the hook before anything else (pkg/controller/scheduler.go, runRollbackHooks):
 * `worst = V + evaluation + group_wait + I + w`.
 */
export function rollbackByAlert(plan: RolloutPlan, visible: ComputedSpan): ComputedSpan {
  return computedSpan(
    visible.best + plan.alert.groupWaitSeconds,
    sum(...alertTerms(plan, visible), interval(plan), overhead),
  );
}

/**
 * From the first request to a rollback by an alert: the check after the alert is delivered rolls back,
 * `worst = k·I + w` with `k = floor((V + evaluation + group_wait + w)/I) + 1`.
 */
export function rollbackByAlertFromStart(plan: RolloutPlan, visible: ComputedSpan): ComputedSpan {
  const delivered = sum(...alertTerms(plan, visible), overhead);
  const k = quantity('k', firstCheckAfter(plan, delivered.value), { text: firstCheckText, term: delivered });
  return computedSpan(
    firstCheckAfter(plan, visible.best + plan.alert.groupWaitSeconds) * intervalOf(plan),
    sum(product(k, interval(plan)), overhead),
  );
}

/**
 * When all pods crash and stay down, Flagger returns before its analysis and before its hooks, until the Deployment has been unavailable for longer
 * than D. The next check sees that: `best = D`, `worst = D + I + w` (pkg/canary/deployment_ready.go, isDeploymentReady).
 * Two cases have no bound:
 * - Pods that become ready between two crashes restart the deadline, and Flagger continues the rollout at a check that finds them ready. In the
 *   lab, pods that crashed every 15 s received half of the traffic after 100 s and were not rolled back within 145 s. The service's alerts
 *   report such a release.
 * - While some pods are still ready, the Deployment counts as available, and Flagger waits forever (fluxcd/flagger issues 1578, 523, 1247).
 */
export function rollbackByDeadline(plan: RolloutPlan): ComputedSpan {
  const deadline = quantity('D', plan.progressDeadlineSeconds);
  return computedSpan(plan.progressDeadlineSeconds, sum(deadline, interval(plan), overhead));
}

/**
 * The same for pods that never become ready, counted from the check that detects the release. That check creates the pods, at most w after its
 * tick, and the deadline starts then: `worst = D + I + 2·w`.
 */
export function rollbackByDeadlineFromStart(plan: RolloutPlan): ComputedSpan {
  const deadline = quantity('D', plan.progressDeadlineSeconds);
  return computedSpan(plan.progressDeadlineSeconds, sum(deadline, interval(plan), product(constant(2), overhead)));
}

/**
 * From a new revision in the cluster to the end of a healthy release's promotion. The next check detects the revision (0 to I), the pods
 * become ready by a check, each weight takes one check, the primary's pods become ready by a check, and one more check finishes
 * (pkg/controller/scheduler.go, runCanary, runPromotionTrafficShift).
 * With `p = max(1, ceil(pod start/I))`: `best = (2·p + checks + 1)·I`. The worst case adds I for the detection and w for the last check, and its
 * pods are created w after a tick: `p = max(1, ceil((pod start + w)/I))`.
 * Pods that take longer to start than the demand says add I for each interval.
 */
export function timeToPromote(plan: RolloutPlan, demand: Demand): Span {
  const start = demand.podStartSeconds ?? defaultPodStartSeconds;
  const secondsWith = (podStart: number) => {
    const checksUntilReady = Math.max(1, Math.ceil(podStart / intervalOf(plan)));
    return (2 * checksUntilReady + checkCount(plan) + 1) * intervalOf(plan);
  };
  return {
    best: secondsWith(start),
    worst: secondsWith(start + checkOverheadSeconds) + intervalOf(plan) + checkOverheadSeconds,
  };
}

/** Seconds from Flagger's start until it processes its Canaries: the default of its flag -control-loop-interval (cmd/flagger/main.go). */
const controlLoopSeconds = 10;

/**
 * A promotion during which Flagger is down for a while. The Canary's status holds the progress, and Flagger resumes one control loop after its
 * start, so the tick that was due is that much later: `worst + down + control loop`.
 */
export function timeToPromoteAcrossRestart(promote: Span, downSeconds: number): Span {
  return { best: promote.best, worst: promote.worst + downSeconds + controlLoopSeconds };
}

function visibleBetween(best: number, worst: number): ComputedSpan {
  return computedSpan(best, quantity('V', worst));
}

function computedSpan(best: number, term: Term): ComputedSpan {
  return { best, worst: term.value, term };
}

function interval(plan: Pick<RolloutPlan, 'intervalSeconds'>): Term {
  return quantity('I', intervalOf(plan));
}

function alertTerms({ alert }: RolloutPlan, visible: ComputedSpan): readonly Term[] {
  return [
    visible.term,
    quantity('evaluation', alert.ruleEvaluationSeconds),
    quantity('group_wait', alert.groupWaitSeconds),
  ];
}

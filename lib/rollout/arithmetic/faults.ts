import { type Demand, referenceFault, slowShareLimit } from '../demand';
import type { RolloutPlan } from '../plan';
import { canaryRate, checkCount, checkOverheadSeconds, intervalOf } from './checks';
import {
  alertVisibilityFromStart,
  firstCheckAfter,
  firstCheckAfterAtWorst,
  rollbackByAlert,
  rollbackByChecks,
  rollbackByChecksFromStart,
  rollbackByDeadline,
  rollbackByDeadlineFromStart,
  type Span,
  visibility,
  visibilityFromStart,
  visibilityOfMissingMetrics,
} from './rollback-times';
import { percentileSamples } from './samples-needed';

export type FaultName =
  | 'errors-from-start'
  | 'errors-later'
  | 'slow-from-start'
  | 'slow-later'
  | 'crash-loop'
  | 'never-ready'
  | 'metrics-gone';

/**
 * What one kind of fault can do under a plan. Times from the fault's beginning, or from the first request if it is there from the start.
 * The worst case is that of a fault that every window shows: bad requests that come evenly. Where they come at random, a check passes by luck
 * now and then, and each that does adds I; how often, {@link passedByChance} says.
 */
export interface FaultAssessment {
  readonly fault: FaultName;
  readonly title: string;
  /** When the queries show it; none where Flagger does not ask them. */
  readonly visible?: Span;
  readonly rollback: Span;
  /** What takes the release back in the worst case. */
  readonly by: 'checks' | 'alert' | 'deadline';
  /** Requests of users that the bad version answers until then. */
  readonly requests: Span;
  /** Of these, bad ones, at worst. Where nobody measures, none are known to be bad: absent. */
  readonly badRequests?: number;
  /** The worst time, with its numbers filled in. */
  readonly formula: string;
  /** Whether users meet it at all: what they do not meet counts against no budget. */
  readonly reachesUsers: boolean;
}

/** Every kind of fault, of the measured size: five times what the limits allow. */
export function assessFaults(plan: RolloutPlan, demand: Demand): readonly FaultAssessment[] {
  const errors = { share: referenceFault(demand.errorRateLimit), limit: demand.errorRateLimit, samples: 0 };
  const slow = { share: referenceFault(slowShareLimit), limit: slowShareLimit, samples: percentileSamples };
  const errorsAre = `${percent(errors.share)} errors`;
  const slowAre = `${percent(slow.share)} over the p99 limit`;
  return [
    fromStart(plan, demand, 'errors-from-start', `${errorsAre}, from the first request`, errors),
    later(plan, demand, 'errors-later', `${errorsAre}, beginning later`, errors),
    fromStart(plan, demand, 'slow-from-start', `${slowAre}, from the first request`, slow),
    later(plan, demand, 'slow-later', `${slowAre}, beginning later`, slow),
    crashLoop(plan, demand),
    neverReady(plan),
    metricsGone(plan, demand),
  ];
}

interface Measured {
  readonly share: number;
  readonly limit: number;
  /** Samples that the query needs. */
  readonly samples: number;
}

function fromStart(
  plan: RolloutPlan,
  demand: Demand,
  fault: FaultName,
  title: string,
  measured: Measured,
): FaultAssessment {
  const visible = visibilityFromStart(plan, demand, measured.samples);
  const chosen = sooner(checksFromStart(plan, visible), alertFromStart(plan, demand, measured));
  const requests = {
    best: requestsUntil(plan, demand, chosen.span.best, firstCheckAfter(plan, visible.best)),
    worst: requestsUntil(plan, demand, chosen.span.worst, firstCheckAfterAtWorst(plan, visible.worst)),
  };
  return { fault, title, visible, ...described(plan, chosen, requests, measured.share) };
}

function checksFromStart(plan: RolloutPlan, visible: Span): Way {
  const interval = intervalOf(plan);
  const span = rollbackByChecksFromStart(plan, visible);
  const first = firstCheckAfterAtWorst(plan, visible.worst);
  const formula = Number.isFinite(span.worst)
    ? `(k + T)·I + w = (${first} + ${plan.threshold})·${interval} + ${checkOverheadSeconds} = ${seconds(span.worst)}, k = the first check after V + w = ${seconds(visible.worst + checkOverheadSeconds)}`
    : `V = ${seconds(visible.worst)}, and the last check is at ${checkCount(plan) * interval} s`;
  return { span, formula, by: 'checks' };
}

/** The rule behind the hook judges nothing, not even errors, by fewer samples than a percentile needs. */
function alertFromStart(plan: RolloutPlan, demand: Demand, { share, limit, samples }: Measured): Way | undefined {
  const inChecks = visibilityFromStart(plan, demand, samples);
  const visible = alertVisibilityFromStart(plan, demand, percentileSamples, inChecks);
  if (!plan.alertHook || share <= limit * plan.alert.limitFactor || !Number.isFinite(visible.worst)) {
    return undefined;
  }
  const { ruleEvaluationSeconds, groupWaitSeconds } = plan.alert;
  const known = visible.worst + ruleEvaluationSeconds + groupWaitSeconds;
  const interval = intervalOf(plan);
  const worst = firstCheckAfterAtWorst(plan, known) * interval + checkOverheadSeconds;
  // If no check may hold the release up, it is promoted with the last one: after that nobody asks the hook.
  if (Math.min(firstCheckAfterAtWorst(plan, inChecks.worst), firstCheckAfterAtWorst(plan, known)) > checkCount(plan)) {
    return undefined;
  }
  return {
    span: { best: firstCheckAfter(plan, visible.best + groupWaitSeconds) * interval, worst },
    formula: `w after the check after V + evaluation + group_wait + w = ${round(visible.worst)} + ${ruleEvaluationSeconds} + ${groupWaitSeconds} + ${checkOverheadSeconds} = ${seconds(known + checkOverheadSeconds)}: ${seconds(worst)}`,
    by: 'alert',
  };
}

function later(
  plan: RolloutPlan,
  demand: Demand,
  fault: FaultName,
  title: string,
  measured: Measured,
): FaultAssessment {
  const { share, limit, samples } = measured;
  const diluted = visibility(plan, share, limit);
  const start = visibilityFromStart(plan, demand, samples);
  const span = rollbackByChecks(plan, diluted);
  const byChecks: Way = {
    span,
    formula: `V + (T + 1)·I + w = ${round(diluted.worst)} + ${plan.threshold + 1}·${intervalOf(plan)} + ${checkOverheadSeconds} = ${seconds(span.worst)}`,
    by: 'checks',
  };
  const slowest = longer(byChecks, samples === 0 ? undefined : checksFromStart(plan, start));
  const chosen = sooner(slowest, alertLater(plan, demand, measured));
  const visible = { best: diluted.best, worst: Math.max(diluted.worst, start.worst) };
  return { fault, title, visible, ...described(plan, chosen, atLargestWeight(plan, demand, chosen.span), share) };
}

function alertLater(plan: RolloutPlan, demand: Demand, measured: Measured): Way | undefined {
  const fromTheStart = alertFromStart(plan, demand, measured);
  if (fromTheStart === undefined) {
    return undefined;
  }
  const rule = { scrapeSeconds: plan.scrapeSeconds, windowSeconds: plan.alert.windowSeconds };
  const visible = visibility(rule, measured.share, measured.limit * plan.alert.limitFactor);
  const span = rollbackByAlert(plan, visible);
  const { ruleEvaluationSeconds, groupWaitSeconds } = plan.alert;
  const formula = `V + evaluation + group_wait + I + w = ${round(visible.worst)} + ${ruleEvaluationSeconds} + ${groupWaitSeconds} + ${intervalOf(plan)} + ${checkOverheadSeconds} = ${seconds(span.worst)}`;
  return longer({ span, formula, by: 'alert' }, fromTheStart);
}

function crashLoop(plan: RolloutPlan, demand: Demand): FaultAssessment {
  const rollback = rollbackByDeadline(plan);
  const requests = atLargestWeight(plan, demand, rollback);
  return {
    fault: 'crash-loop',
    title: 'all pods crash and stay down',
    rollback,
    by: 'deadline',
    requests,
    badRequests: requests.worst,
    formula: `D + I + w = ${plan.progressDeadlineSeconds} + ${intervalOf(plan)} + ${checkOverheadSeconds} = ${seconds(rollback.worst)}`,
    reachesUsers: plan.strategy === 'canary',
  };
}

function neverReady(plan: RolloutPlan): FaultAssessment {
  const rollback = rollbackByDeadlineFromStart(plan);
  return {
    fault: 'never-ready',
    title: 'pods that never get ready',
    rollback,
    by: 'deadline',
    requests: { best: 0, worst: 0 },
    badRequests: 0,
    formula: `w + D + I + w = ${plan.progressDeadlineSeconds} + ${intervalOf(plan)} + 2·${checkOverheadSeconds} = ${seconds(rollback.worst)}, without traffic`,
    reachesUsers: false,
  };
}

function metricsGone(plan: RolloutPlan, demand: Demand): FaultAssessment {
  const visible = visibilityOfMissingMetrics(plan);
  const rollback = rollbackByChecks(plan, visible);
  return {
    fault: 'metrics-gone',
    title: 'metrics vanish, whatever the release does',
    visible,
    rollback,
    by: 'checks',
    requests: atLargestWeight(plan, demand, rollback),
    formula: `W - s + (T + 1)·I + w = ${visible.worst} + ${plan.threshold + 1}·${intervalOf(plan)} + ${checkOverheadSeconds} = ${seconds(rollback.worst)}`,
    reachesUsers: plan.strategy === 'canary',
  };
}

interface Way {
  readonly span: Span;
  readonly formula: string;
  readonly by: 'checks' | 'alert';
}

/** The alert where it is sooner at worst; the checks go on beside it. */
function sooner(checks: Way, alert: Way | undefined): Way {
  return alert === undefined || alert.span.worst >= checks.span.worst
    ? checks
    : { ...alert, span: { best: Math.min(alert.span.best, checks.span.best), worst: alert.span.worst } };
}

/**
 * A fault that begins while there are too few samples is seen when one from the start would be: for `t` seconds after the first request the
 * larger of both times holds.
 */
function longer(diluted: Way, start: Way | undefined): Way {
  return start === undefined || start.span.worst <= diluted.span.worst
    ? diluted
    : { ...diluted, span: { ...diluted.span, worst: start.span.worst }, formula: start.formula };
}

function described(plan: RolloutPlan, way: Way, requests: Span, share: number) {
  return {
    rollback: way.span,
    by: way.by,
    requests,
    badRequests: requests.worst * share,
    formula: way.formula,
    reachesUsers: plan.strategy === 'canary',
  };
}

/**
 * Requests of users from the first one until a rollback after `until` seconds: the weight grows with each passed check and stays from the
 * first failed one on: `rps · Σ weight · I`.
 */
function requestsUntil(plan: RolloutPlan, demand: Demand, until: number, firstFailed: number): number {
  if (plan.strategy === 'blue-green') {
    return 0;
  }
  if (!Number.isFinite(until)) {
    return Number.POSITIVE_INFINITY;
  }
  const interval = intervalOf(plan);
  let sum = 0;
  for (let begin = 0; begin < until; begin += interval) {
    const check = Math.min(begin / interval + 1, firstFailed);
    sum += canaryRate(plan, demand, check) * Math.min(interval, until - begin);
  }
  return sum;
}

/** A fault can begin at the largest weight: `rps · largest weight · time`. */
function atLargestWeight(plan: RolloutPlan, demand: Demand, span: Span): Span {
  const rate = plan.strategy === 'canary' ? (demand.requestsPerSecond * Math.max(0, ...plan.steps)) / 100 : 0;
  const smallest = plan.strategy === 'canary' ? canaryRate(plan, demand, 1) : 0;
  return { best: smallest * span.best, worst: rate * span.worst };
}

function round(value: number): string {
  return String(Number(value.toFixed(1)));
}

function seconds(value: number): string {
  return Number.isFinite(value) ? `${round(value)} s` : 'never';
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

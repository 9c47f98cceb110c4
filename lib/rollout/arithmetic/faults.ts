import { type Demand, referenceFault, slowShareLimit } from '../demand';
import type { RolloutPlan } from '../plan';
import { canaryRate, checkCount, intervalOf } from './checks';
import { evaluated, renderEquation, renderSeconds } from './formula';
import {
  alertVisibilityFromStart,
  type ComputedSpan,
  firstCheckAfter,
  firstCheckAfterAtWorst,
  rollbackByAlert,
  rollbackByAlertFromStart,
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

/** `crash-loop` means that all pods crash and stay down. Pods that become ready between two crashes are not covered. */
export type FaultName =
  | 'errors-from-start'
  | 'errors-later'
  | 'slow-from-start'
  | 'slow-later'
  | 'crash-loop'
  | 'never-ready'
  | 'metrics-gone';

/**
 * What one kind of fault does under a plan. Times count from the beginning of the fault, or from the first request if the fault is there from
 * the start. The worst case assumes bad requests at an even rate, which every window shows. Where bad requests are random, a check may pass by
 * chance, and each such check adds I; {@link firstCheckPassProbability} computes how often.
 */
export interface FaultAssessment {
  readonly fault: FaultName;
  readonly title: string;
  /** When the queries show the fault. Absent where Flagger does not run them. */
  readonly visible?: Span;
  readonly rollback: Span;
  /** What triggers the rollback in the worst case. */
  readonly by: RollbackTrigger;
  /** User requests that the bad version answers until the rollback. */
  readonly requests: Span;
  /** How many of these are bad in the worst case. Absent where no metric measures them. */
  readonly badRequests?: number;
  /** The equation of the worst case. */
  readonly formula: string;
  /** Why that equation applies, where it is not obvious. */
  readonly formulaReason?: string;
  /** Whether users meet the fault. A fault that they do not meet does not count against the budget. */
  readonly reachesUsers: boolean;
}

type RollbackTrigger = 'checks' | 'alert' | 'deadline';

/** A fault that a metric measures. */
interface MeasuredFault {
  /** Share of bad requests, 0 to 1. */
  readonly share: number;
  readonly limit: number;
  /** Samples that the query needs. */
  readonly samples: number;
}

/** Assesses every kind of fault. Measured faults have the reference size: five times what the limit allows. */
export function assessFaults(plan: RolloutPlan, demand: Demand): readonly FaultAssessment[] {
  const errors = { share: referenceFault(demand.errorRateLimit), limit: demand.errorRateLimit, samples: 0 };
  const slow = { share: referenceFault(slowShareLimit), limit: slowShareLimit, samples: percentileSamples };
  const errorsTitle = `${percent(errors.share)} errors`;
  const slowTitle = `${percent(slow.share)} over the p99 limit`;
  return [
    {
      fault: 'errors-from-start',
      title: `${errorsTitle}, from the first request`,
      ...assessFromStart(plan, demand, errors),
    },
    { fault: 'errors-later', title: `${errorsTitle}, beginning later`, ...assessLater(plan, demand, errors) },
    { fault: 'slow-from-start', title: `${slowTitle}, from the first request`, ...assessFromStart(plan, demand, slow) },
    { fault: 'slow-later', title: `${slowTitle}, beginning later`, ...assessLater(plan, demand, slow) },
    assessCrashLoop(plan, demand),
    assessNeverReady(plan),
    assessMissingMetrics(plan, demand),
  ];
}

type MeasuredFaultAssessment = Omit<FaultAssessment, 'fault' | 'title'>;

function assessFromStart(plan: RolloutPlan, demand: Demand, fault: MeasuredFault): MeasuredFaultAssessment {
  const visible = visibilityFromStart(plan, demand, fault.samples);
  const rollback = fasterOf(checksFromStart(plan, visible), alertFromStart(plan, demand, fault));
  const requests = {
    best: requestsUntil(plan, demand, rollback.span.best, firstCheckAfter(plan, visible.best)),
    worst: requestsUntil(plan, demand, rollback.span.worst, firstCheckAfterAtWorst(plan, visible.worst)),
  };
  return { visible: spanOf(visible), ...measuredAssessment(plan, rollback, requests, fault) };
}

function assessLater(plan: RolloutPlan, demand: Demand, fault: MeasuredFault): MeasuredFaultAssessment {
  const diluted = visibility(plan, fault.share, fault.limit);
  const fromStart = visibilityFromStart(plan, demand, fault.samples);
  const byChecks = rollbackBy('checks', rollbackByChecks(plan, diluted));
  const slowest = fault.samples === 0 ? byChecks : slowerOf(byChecks, checksFromStart(plan, fromStart), 'a p99');
  const rollback = fasterOf(slowest, alertLater(plan, demand, fault));
  const visible = { best: diluted.best, worst: Math.max(diluted.worst, fromStart.worst) };
  const requests = requestsAtLargestWeight(plan, demand, rollback.span);
  return { visible, ...measuredAssessment(plan, rollback, requests, fault) };
}

function assessCrashLoop(plan: RolloutPlan, demand: Demand): FaultAssessment {
  const rollback = rollbackByDeadline(plan);
  const requests = requestsAtLargestWeight(plan, demand, rollback);
  return {
    fault: 'crash-loop',
    title: 'all pods crash and stay down',
    rollback: spanOf(rollback),
    by: 'deadline',
    requests,
    badRequests: requests.worst,
    formula: renderEquation(rollback.term),
    reachesUsers: plan.strategy === 'canary',
  };
}

function assessNeverReady(plan: RolloutPlan): FaultAssessment {
  const rollback = rollbackByDeadlineFromStart(plan);
  return {
    fault: 'never-ready',
    title: 'pods never become ready',
    rollback: spanOf(rollback),
    by: 'deadline',
    requests: { best: 0, worst: 0 },
    badRequests: 0,
    formula: `${renderEquation(rollback.term)}, without traffic`,
    reachesUsers: false,
  };
}

function assessMissingMetrics(plan: RolloutPlan, demand: Demand): FaultAssessment {
  const visible = visibilityOfMissingMetrics(plan);
  const rollback = rollbackByChecks(plan, visible);
  return {
    fault: 'metrics-gone',
    title: 'metrics disappear',
    visible: spanOf(visible),
    rollback: spanOf(rollback),
    by: 'checks',
    requests: requestsAtLargestWeight(plan, demand, rollback),
    formula: renderEquation(rollback.term),
    reachesUsers: plan.strategy === 'canary',
  };
}

/** A rollback with its times, its trigger and its formula, which is rendered only for the rollback that counts. */
interface Rollback {
  readonly span: Span;
  readonly by: RollbackTrigger;
  /** Why the formula applies, where it is not obvious. */
  readonly reason?: string;
  renderFormula(): string;
}

function rollbackBy(by: RollbackTrigger, computed: ComputedSpan): Rollback {
  return { span: spanOf(computed), by, renderFormula: () => renderEquation(computed.term) };
}

function checksFromStart(plan: RolloutPlan, visible: ComputedSpan): Rollback {
  const rollback = rollbackBy('checks', rollbackByChecksFromStart(plan, visible));
  if (Number.isFinite(rollback.span.worst)) {
    return rollback;
  }
  const lastCheckSeconds = checkCount(plan) * intervalOf(plan);
  return {
    ...rollback,
    renderFormula: () =>
      `${renderEquation(evaluated(visible.term))}, and the last check is at ${renderSeconds(lastCheckSeconds)}`,
  };
}

/**
 * The rollback by the alert, for a fault from the first request; undefined where no alert fires before the promotion. The rule behind the hook
 * needs as many samples as a percentile does, for errors too.
 */
function alertFromStart(
  plan: RolloutPlan,
  demand: Demand,
  { share, limit, samples }: MeasuredFault,
): Rollback | undefined {
  const visibleToChecks = visibilityFromStart(plan, demand, samples);
  const visible = alertVisibilityFromStart(plan, demand, percentileSamples, visibleToChecks);
  if (!plan.alertHook || share <= limit * plan.alert.limitFactor || !Number.isFinite(visible.worst)) {
    return undefined;
  }
  const { ruleEvaluationSeconds, groupWaitSeconds } = plan.alert;
  const alertCheck = firstCheckAfterAtWorst(plan, visible.worst + ruleEvaluationSeconds + groupWaitSeconds);
  // If no check fails, the last one promotes the release, and Flagger no longer asks the hook.
  if (Math.min(firstCheckAfterAtWorst(plan, visibleToChecks.worst), alertCheck) > checkCount(plan)) {
    return undefined;
  }
  return rollbackBy('alert', rollbackByAlertFromStart(plan, visible));
}

function alertLater(plan: RolloutPlan, demand: Demand, fault: MeasuredFault): Rollback | undefined {
  const fromStart = alertFromStart(plan, demand, fault);
  if (fromStart === undefined) {
    return undefined;
  }
  const rule = { scrapeSeconds: plan.scrapeSeconds, windowSeconds: plan.alert.windowSeconds };
  const visible = visibility(rule, fault.share, fault.limit * plan.alert.limitFactor);
  return slowerOf(rollbackBy('alert', rollbackByAlert(plan, visible)), fromStart, 'the alert');
}

/** The rollback by the alert where it is earlier in the worst case. Checks continue beside it, so they may be earlier in the best case. */
function fasterOf(checks: Rollback, alert: Rollback | undefined): Rollback {
  return alert === undefined || alert.span.worst >= checks.span.worst
    ? checks
    : { ...alert, span: { best: Math.min(alert.span.best, checks.span.best), worst: alert.span.worst } };
}

/**
 * The slower worst case of both. A fault that begins while there are too few samples is detected no earlier than one from the first request.
 * @param query what needs the samples
 */
function slowerOf(diluted: Rollback, fromStart: Rollback, query: string): Rollback {
  return fromStart.span.worst <= diluted.span.worst
    ? diluted
    : {
        ...diluted,
        span: { best: diluted.span.best, worst: fromStart.span.worst },
        reason: `too few samples for ${query} until then`,
        renderFormula: fromStart.renderFormula,
      };
}

function measuredAssessment(
  plan: RolloutPlan,
  { span, by, reason, renderFormula }: Rollback,
  requests: Span,
  { share }: MeasuredFault,
): MeasuredFaultAssessment {
  return {
    rollback: span,
    by,
    requests,
    badRequests: requests.worst * share,
    formula: renderFormula(),
    formulaReason: reason,
    reachesUsers: plan.strategy === 'canary',
  };
}

/**
 * User requests from the first one until a rollback after `until` seconds, `rps·Σ weight·I`. The weight grows with each passed check and stays
 * from the first failed check on.
 */
function requestsUntil(plan: RolloutPlan, demand: Demand, until: number, firstFailed: number): number {
  if (plan.strategy === 'blue-green') {
    return 0;
  }
  if (!Number.isFinite(until)) {
    return Number.POSITIVE_INFINITY;
  }
  const interval = intervalOf(plan);
  let requests = 0;
  for (let begin = 0; begin < until; begin += interval) {
    const check = Math.min(begin / interval + 1, firstFailed);
    requests += canaryRate(plan, demand, check) * Math.min(interval, until - begin);
  }
  return requests;
}

/** User requests of a fault that may begin at the largest weight: `rps·largest weight·time`. In the best case it begins at the first weight. */
function requestsAtLargestWeight(plan: RolloutPlan, demand: Demand, span: Span): Span {
  if (plan.strategy === 'blue-green') {
    return { best: 0, worst: 0 };
  }
  const largestRate = (demand.requestsPerSecond * Math.max(0, ...plan.steps)) / 100;
  return { best: canaryRate(plan, demand, 1) * span.best, worst: largestRate * span.worst };
}

/** Only the times: an assessment is printed as JSON, without terms. */
function spanOf({ best, worst }: Span): Span {
  return { best, worst };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

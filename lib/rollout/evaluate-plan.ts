import { type Assessment, addProbabilities, assess, assessTiming, type Timing } from './arithmetic/assessment';
import { intervalOf, shortestIntervalSeconds } from './arithmetic/checks';
import { candidatePlans } from './candidate-plans';
import { type Demand, falseRollbackBound, missedFaultBound } from './demand';
import type { RolloutPlan } from './plan';
import { describeRequestRate } from './request-rate';

export type ProblemCode =
  | 'interval-below-clamp'
  | 'window-too-short'
  | 'steps-not-ascending'
  | 'single-burst'
  | 'no-traffic'
  | 'over-budget'
  | 'too-few-samples'
  | 'false-rollback'
  | 'missed-fault';

export interface RolloutProblem {
  readonly code: ProblemCode;
  readonly message: string;
  /** The number that is out of bounds. */
  readonly number: number;
  /** The bound: a maximum or a minimum, depending on the code. */
  readonly limit: number;
}

export type RolloutVerdict =
  | { readonly ok: true; readonly assessment: Assessment }
  | {
      readonly ok: false;
      readonly assessment: Assessment;
      readonly problems: readonly RolloutProblem[];
      /** The plan without problems that differs least, if there is one. */
      readonly suggestion?: RolloutPlan;
    };

/** Decides whether a plan meets a demand. If it does not, the verdict names each problem and suggests a plan that has none. */
export function evaluatePlan(plan: RolloutPlan, demand: Demand): RolloutVerdict {
  const assessment = assess(plan, demand);
  const problems = findProblems(assessment);
  if (problems.length === 0) {
    return { ok: true, assessment };
  }
  for (const candidate of candidatePlans(plan, demand)) {
    if (meetsDemand(candidate, demand)) {
      return { ok: false, assessment, problems, suggestion: candidate };
    }
  }
  return { ok: false, assessment, problems };
}

function findProblems(assessment: Assessment): readonly RolloutProblem[] {
  const sampleProblems = findSampleProblems(assessment);
  const hasTraffic = sampleProblems.every(({ code }) => code !== 'no-traffic');
  return [
    ...findShapeProblems(assessment),
    ...findBudgetProblems(assessment),
    ...sampleProblems,
    ...(hasTraffic ? findProbabilityProblems(assessment, sampleProblems.length === 0) : []),
  ];
}

/** Whether a plan has no problems. Cheap tests come first: the search for a suggestion calls this hundreds of times. */
function meetsDemand(plan: RolloutPlan, demand: Demand): boolean {
  const timing = assessTiming(plan, demand);
  return (
    findShapeProblems(timing).length === 0 &&
    findBudgetProblems(timing).length === 0 &&
    findSampleProblems(timing).length === 0 &&
    findProbabilityProblems(addProbabilities(timing), true).length === 0
  );
}

/** Problems that a plan has at any traffic. */
function findShapeProblems({ plan, checksOfOneBurst }: Timing): readonly RolloutProblem[] {
  const problems: RolloutProblem[] = [];
  if (plan.intervalSeconds < shortestIntervalSeconds) {
    problems.push({
      code: 'interval-below-clamp',
      message: `The interval between checks is ${plan.intervalSeconds} s, and Flagger silently raises it to ${shortestIntervalSeconds} s. Set it to ${shortestIntervalSeconds} s or more.`,
      number: plan.intervalSeconds,
      limit: shortestIntervalSeconds,
    });
  }
  if (plan.windowSeconds < 2 * plan.scrapeSeconds) {
    problems.push({
      code: 'window-too-short',
      message: `A window of ${plan.windowSeconds} s with a scrape every ${plan.scrapeSeconds} s may hold a single sample, and a check without a value fails. Set the window to ${2 * plan.scrapeSeconds} s or more; ${4 * plan.scrapeSeconds} s tolerates a lost scrape.`,
      number: plan.windowSeconds,
      limit: 2 * plan.scrapeSeconds,
    });
  }
  const falling = plan.steps.findIndex((weight, index) => index > 0 && weight <= (plan.steps[index - 1] ?? 0));
  if (falling > 0) {
    problems.push({
      code: 'steps-not-ascending',
      message: `Step ${falling + 1} is ${plan.steps[falling]} % after ${plan.steps[falling - 1]} %, and the rollout would never leave it. Weights must increase.`,
      number: plan.steps[falling] ?? 0,
      limit: plan.steps[falling - 1] ?? 0,
    });
  }
  if (plan.threshold < checksOfOneBurst + 1) {
    problems.push({
      code: 'single-burst',
      message: `A burst of one second fails ceil(W / I) = ceil(${plan.windowSeconds} / ${intervalOf(plan)}) = ${checksOfOneBurst} checks, and the plan rolls back after ${countChecks(plan.threshold)}. Raise the threshold to ${checksOfOneBurst + 1} or shorten the window, so that a short burst does not roll back a release.`,
      number: plan.threshold,
      limit: checksOfOneBurst + 1,
    });
  }
  return problems;
}

function findBudgetProblems({ demand, faults }: Timing): readonly RolloutProblem[] {
  const limit = demand.rollbackBudgetSeconds;
  return faults
    .filter(({ reachesUsers, rollback }) => reachesUsers && Number.isFinite(rollback.worst) && rollback.worst > limit)
    .filter(({ formula }, index, all) => all.findIndex((other) => other.formula === formula) === index)
    .map(({ title, formula, rollback }) => ({
      code: 'over-budget' as const,
      message: `Over the rollback budget of ${limit} s: ${title}: ${formula}.`,
      number: rollback.worst,
      limit,
    }));
}

/** What the checks cannot detect at this traffic. */
function findSampleProblems(timing: Timing): readonly RolloutProblem[] {
  const { plan, demand, checks, samplesNeeded } = timing;
  if (plan.strategy === 'blue-green' && (plan.syntheticRequestsPerSecond ?? 0) === 0) {
    return [
      {
        code: 'no-traffic',
        message:
          'A blue-green release gets no user traffic before its promotion, and this plan generates none: every check passes, even for a bad release.',
        number: 0,
        limit: 1,
      },
    ];
  }
  const most = Math.max(0, ...checks.map((check) => check.samples));
  if (most < samplesNeeded) {
    return [
      {
        code: 'too-few-samples',
        message: `Too few requests for the p99. The p99 needs ${samplesNeeded} requests; the fullest window has ${formatNumber(most)} (${describeRequestRate(formatNumber(demand.requestsPerSecond))}, weights up to ${Math.max(0, ...plan.steps)} %, window ${plan.windowSeconds} s). No check would detect a slow release.`,
        number: most,
        limit: samplesNeeded,
      },
    ];
  }
  const slow = timing.faults.find(({ fault }) => fault === 'slow-from-start');
  if (slow === undefined || Number.isFinite(slow.rollback.worst)) {
    return [];
  }
  const visibleSeconds = slow.visible?.worst ?? Number.POSITIVE_INFINITY;
  const lastCheckSeconds = checks.at(-1)?.atSeconds ?? 0;
  return [
    {
      code: 'too-few-samples',
      message: `Too few requests for the p99 in time. The p99 may need ${formatNumber(visibleSeconds)} s to collect ${samplesNeeded} requests, and the last check is at ${lastCheckSeconds} s.`,
      number: visibleSeconds,
      limit: lastCheckSeconds,
    },
  ];
}

function findProbabilityProblems(
  { falseRollback, missedFault }: Assessment,
  checksDetectSlowness: boolean,
): readonly RolloutProblem[] {
  const problems: RolloutProblem[] = [];
  if (falseRollback > falseRollbackBound) {
    problems.push({
      code: 'false-rollback',
      message: `The probability of a false rollback is ${formatPercent(falseRollback)}: that many healthy releases would be rolled back. The bound is ${formatPercent(falseRollbackBound)}.`,
      number: falseRollback,
      limit: falseRollbackBound,
    });
  }
  // Where checks cannot detect slowness at all, the sample problems say so already.
  const missed = Math.max(missedFault.errors, checksDetectSlowness ? missedFault.slow : 0);
  if (missed > missedFaultBound) {
    const kind = missedFault.errors >= missed ? 'errors' : 'slow requests';
    problems.push({
      code: 'missed-fault',
      message: `The probability of a missed fault is ${formatPercent(missed)}: that many releases with five times the ${kind} that the limit allows would be promoted. The bound is ${formatPercent(missedFaultBound)}.`,
      number: missed,
      limit: missedFaultBound,
    });
  }
  return problems;
}

function countChecks(count: number): string {
  return count === 1 ? '1 failed check' : `${count} failed checks`;
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function formatPercent(probability: number): string {
  return `${Number((probability * 100).toPrecision(2))} %`;
}

import { type Assessment, assess, type Timing, timing, withChances } from './arithmetic/assessment';
import { shortestIntervalSeconds } from './arithmetic/checks';
import { candidates } from './candidate-plans';
import { type Demand, falseRollbackBound, missedFaultBound } from './demand';
import type { RolloutPlan } from './plan';

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
  /** The number that breaks. */
  readonly number: number;
  /** What it may be at most, or must be at least. */
  readonly limit: number;
}

export type RolloutVerdict =
  | { readonly ok: true; readonly assessment: Assessment }
  | {
      readonly ok: false;
      readonly assessment: Assessment;
      readonly problems: readonly RolloutProblem[];
      /** The nearest plan that works, if there is one. */
      readonly suggestion?: RolloutPlan;
    };

/** Whether a plan can keep what is demanded. If not: each number that breaks, and one plan that works (itself judged ok). */
export function evaluatePlan(plan: RolloutPlan, demand: Demand): RolloutVerdict {
  const assessment = assess(plan, demand);
  const problems = problemsOf(assessment);
  if (problems.length === 0) {
    return { ok: true, assessment };
  }
  for (const candidate of candidates(plan, demand)) {
    if (works(candidate, demand)) {
      return { ok: false, assessment, problems, suggestion: candidate };
    }
  }
  return { ok: false, assessment, problems };
}

function problemsOf(assessment: Assessment): readonly RolloutProblem[] {
  const unseen = samples(assessment);
  const noTraffic = unseen.some(({ code }) => code === 'no-traffic');
  return [
    ...shape(assessment),
    ...budget(assessment),
    ...unseen,
    ...(noTraffic ? [] : chances(assessment, unseen.length === 0)),
  ];
}

/** Whether there are no problems, the cheapest question first: a search asks it hundreds of times. */
function works(plan: RolloutPlan, demand: Demand): boolean {
  const times = timing(plan, demand);
  return (
    [shape, budget, samples].every((problems) => problems(times).length === 0) &&
    chances(withChances(times), true).length === 0
  );
}

/** What is wrong with the plan at any traffic. */
function shape({ plan, checksOfOneBurst }: Timing): readonly RolloutProblem[] {
  const problems: RolloutProblem[] = [];
  if (plan.intervalSeconds < shortestIntervalSeconds) {
    problems.push({
      code: 'interval-below-clamp',
      message: `Checks every ${plan.intervalSeconds} s: Flagger makes that ${shortestIntervalSeconds} s without a word. Say ${shortestIntervalSeconds} s or more.`,
      number: plan.intervalSeconds,
      limit: shortestIntervalSeconds,
    });
  }
  if (plan.windowSeconds < 2 * plan.scrapeSeconds) {
    problems.push({
      code: 'window-too-short',
      message: `A window of ${plan.windowSeconds} s at a scrape every ${plan.scrapeSeconds} s may hold one sample only: every check would find no values and fail. It takes ${2 * plan.scrapeSeconds} s at least, better ${4 * plan.scrapeSeconds} s.`,
      number: plan.windowSeconds,
      limit: 2 * plan.scrapeSeconds,
    });
  }
  const falling = plan.steps.findIndex((weight, index) => index > 0 && weight <= (plan.steps[index - 1] ?? 0));
  if (falling > 0) {
    problems.push({
      code: 'steps-not-ascending',
      message: `Step ${falling + 1} is ${plan.steps[falling]} % after ${plan.steps[falling - 1]} %: the rollout would stop there for ever. Weights must rise.`,
      number: plan.steps[falling] ?? 0,
      limit: plan.steps[falling - 1] ?? 0,
    });
  }
  if (plan.threshold < checksOfOneBurst + 1) {
    problems.push({
      code: 'single-burst',
      message: `One burst of a second fails ceil(W / I) = ${checksOfOneBurst} checks, and ${plan.threshold} roll back: a threshold of ${checksOfOneBurst + 1} or a shorter window tells a blip from a fault.`,
      number: plan.threshold,
      limit: checksOfOneBurst + 1,
    });
  }
  return problems;
}

function budget({ demand, faults }: Timing): readonly RolloutProblem[] {
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

/** What the plan can not see at this traffic. */
function samples(times: Timing): readonly RolloutProblem[] {
  const { plan, demand, checks, samplesNeeded } = times;
  if (plan.strategy === 'blue-green' && (plan.syntheticRequestsPerSecond ?? 0) === 0) {
    return [
      {
        code: 'no-traffic',
        message:
          'A blue-green release gets no traffic of users before it is promoted, and this plan generates none: every check would pass, whatever it does.',
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
        message: `Too few requests to judge the p99: ${shown(most)} in the fullest window (${shown(demand.requestsPerSecond)} requests a second, weights up to ${Math.max(0, ...plan.steps)} %, window ${plan.windowSeconds} s), and it takes ${samplesNeeded}. No check would ever see a slow release.`,
        number: most,
        limit: samplesNeeded,
      },
    ];
  }
  const slow = times.faults.find(({ fault }) => fault === 'slow-from-start');
  if (slow === undefined || Number.isFinite(slow.rollback.worst)) {
    return [];
  }
  const [seen, last] = [slow.visible?.worst ?? Number.POSITIVE_INFINITY, checks.at(-1)?.atSeconds ?? 0];
  return [
    {
      code: 'too-few-samples',
      message: `Too few requests to judge the p99 in time: the ${samplesNeeded} that it takes may be seen only ${shown(seen)} s after the first one, and the last check is at ${last} s.`,
      number: seen,
      limit: last,
    },
  ];
}

/** What is left to chance. */
function chances({ falseRollback, missedFault }: Assessment, judgesLatency: boolean): readonly RolloutProblem[] {
  const problems: RolloutProblem[] = [];
  if (falseRollback > falseRollbackBound) {
    problems.push({
      code: 'false-rollback',
      message: `A healthy release would be rolled back by noise in ${asPercent(falseRollback)} of the cases; ${asPercent(falseRollbackBound)} is the bound.`,
      number: falseRollback,
      limit: falseRollbackBound,
    });
  }
  // Slowness that is never judged has been told before.
  const missed = Math.max(missedFault.errors, judgesLatency ? missedFault.slow : 0);
  if (missed > missedFaultBound) {
    const kind = missedFault.errors >= missed ? 'errors' : 'slow requests';
    problems.push({
      code: 'missed-fault',
      message: `A release with five times the ${kind} that the limit allows would be promoted in ${asPercent(missed)} of the cases; ${asPercent(missedFaultBound)} is the bound.`,
      number: missed,
      limit: missedFaultBound,
    });
  }
  return problems;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function asPercent(chance: number): string {
  return `${Number((chance * 100).toPrecision(2))} %`;
}

import type { Demand } from '../demand';
import type { RolloutPlan } from '../plan';
import { checkCount, checkOverheadSeconds, checksOfOneBurst, intervalOf, samplesAtCheck } from './checks';
import { assessFaults, type FaultAssessment } from './faults';
import {
  type FaultProbabilities,
  falseRollbackProbability,
  firstCheckPassProbability,
  missedFaultProbability,
} from './probabilities';
import { type Span, timeToPromote } from './rollback-times';
import { percentileSamples } from './samples-needed';

/** All that follows from a plan and a demand. */
export interface Assessment extends Timing {
  /** The probability that a healthy release is rolled back. */
  readonly falseRollback: number;
  /** The probabilities that the reference faults are promoted. */
  readonly missedFault: FaultProbabilities;
  /** The probabilities that random bad requests pass the first check that can fail; the rollback is one interval later then. */
  readonly passedByChance: FaultProbabilities;
}

/** What follows from a plan's times alone: cheap to compute. */
export interface Timing {
  readonly plan: RolloutPlan;
  readonly demand: Demand;
  readonly checks: readonly CheckAssessment[];
  readonly faults: readonly FaultAssessment[];
  /** The longest that a fault reaches users, without those of `unboundedFaults`. */
  readonly worstSeconds: number;
  /** The fault with that exposure. */
  readonly worstFault: FaultAssessment;
  /** The faults that reach users and that Flagger may promote: no rollback bounds their exposure. */
  readonly unboundedFaults: readonly FaultAssessment[];
  /**
   * Seconds after the first request during which checks detect new errors of the reference size: `checks·I - V - w`. Errors that begin later may
   * be promoted, because the last check may be over before they are visible. Slow requests are detected only if the windows hold enough samples.
   */
  readonly watchedSeconds: number;
  readonly promote: Span;
  /** Failed checks of one short burst: `ceil(W/I)`. */
  readonly checksOfOneBurst: number;
  /** N: the fewest requests that the p99 is computed from. */
  readonly samplesNeeded: number;
}

/** One check of a healthy rollout. */
export interface CheckAssessment {
  readonly number: number;
  /** Canary weight in percent; 0 where the new version gets no user requests. */
  readonly weight: number;
  /** Seconds since the new version's first request. */
  readonly atSeconds: number;
  /** Requests in the window of this check. */
  readonly samples: number;
  /** Whether the samples are enough for the p99. */
  readonly judgesLatency: boolean;
}

/** Computes what a plan can guarantee at a given traffic. Pure; `rollback-times.ts` and `probabilities.ts` hold the formulas and their sources. */
export function assess(plan: RolloutPlan, demand: Demand): Assessment {
  return addProbabilities(assessTiming(plan, demand));
}

export function assessTiming(plan: RolloutPlan, demand: Demand): Timing {
  const interval = intervalOf(plan);
  const count = checkCount(plan);
  const faults = assessFaults(plan, demand);
  const worstFault = longestExposure(faults);
  const errorsLater = faults.find(({ fault }) => fault === 'errors-later');
  return {
    plan,
    demand,
    checks: Array.from({ length: count }, (_, index) => {
      const samples = samplesAtCheck(plan, demand, index + 1);
      return {
        number: index + 1,
        weight: plan.strategy === 'canary' ? (plan.steps[index] ?? 0) : 0,
        atSeconds: (index + 1) * interval,
        samples,
        judgesLatency: samples >= percentileSamples,
      };
    }),
    faults,
    worstSeconds: exposureOf(worstFault),
    worstFault,
    unboundedFaults: faults.filter(({ reachesUsers, rollback }) => reachesUsers && !Number.isFinite(rollback.worst)),
    watchedSeconds: Math.max(0, count * interval - (errorsLater?.visible?.worst ?? 0) - checkOverheadSeconds),
    promote: timeToPromote(plan, demand),
    checksOfOneBurst: checksOfOneBurst(plan),
    samplesNeeded: percentileSamples,
  };
}

export function addProbabilities(timing: Timing): Assessment {
  const { plan, demand } = timing;
  return {
    ...timing,
    falseRollback: falseRollbackProbability(plan, demand),
    missedFault: missedFaultProbability(plan, demand),
    passedByChance: firstCheckPassProbability(plan, demand),
  };
}

function longestExposure(faults: readonly FaultAssessment[]): FaultAssessment {
  const [first, ...rest] = faults as readonly [FaultAssessment, ...FaultAssessment[]];
  let longest = first;
  for (const fault of rest) {
    if (exposureOf(fault) > exposureOf(longest)) {
      longest = fault;
    }
  }
  return longest;
}

/** Seconds that a fault reaches users at worst; 0 where it does not, or where it has no bound. */
function exposureOf({ reachesUsers, rollback }: FaultAssessment): number {
  return reachesUsers && Number.isFinite(rollback.worst) ? rollback.worst : 0;
}

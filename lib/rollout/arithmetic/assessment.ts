import type { Demand } from '../demand';
import type { RolloutPlan } from '../plan';
import { checkCount, checkOverheadSeconds, checksOfOneBurst, intervalOf, samplesAtCheck } from './checks';
import { assessFaults, type FaultAssessment } from './faults';
import { falseRollback, type MissedFault, missedFault, passedByChance } from './probabilities';
import { type Span, timeToPromote } from './rollback-times';
import { percentileSamples } from './samples-needed';

/** One check of a healthy rollout. */
export interface CheckAssessment {
  readonly number: number;
  /** Canary weight in percent; 0 where users are not sent to the new version. */
  readonly weight: number;
  /** From the new version's first request. */
  readonly atSeconds: number;
  /** Requests in the window of this check. */
  readonly samples: number;
  /** Whether they are enough to judge the p99. */
  readonly judgesLatency: boolean;
}

/** What follows from a plan's times, and is quickly computed. */
export interface Timing {
  readonly plan: RolloutPlan;
  readonly demand: Demand;
  readonly checks: readonly CheckAssessment[];
  readonly faults: readonly FaultAssessment[];
  /** The longest that any of the faults reaches users, as far as Flagger sees it in time. */
  readonly worstSeconds: number;
  /** What the longest one is. */
  readonly worstFault: FaultAssessment;
  /**
   * Seconds after the first request from which a fault that begins later comes too late for the last check, and is promoted: `checks · I - V - w`.
   */
  readonly watchedSeconds: number;
  readonly promote: Span;
  /** Failed checks of one short burst: `ceil(W / I)`. */
  readonly checksOfOneBurst: number;
  /** N: requests that the p99 is judged by at least. */
  readonly samplesNeeded: number;
}

/** All that follows from a plan and a demand. */
export interface Assessment extends Timing {
  /** Chance that a healthy release is rolled back. */
  readonly falseRollback: number;
  readonly missedFault: MissedFault;
  /** Chance that bad requests which come at random leave the first check that could fail; the rollback is an interval later then. */
  readonly passedByChance: MissedFault;
}

/** Computes what a plan can promise at a traffic. Pure; the formulas and their sources stand with the functions that it calls. */
export function assess(plan: RolloutPlan, demand: Demand): Assessment {
  return withChances(timing(plan, demand));
}

/** Adds the chances. */
export function withChances(times: Timing): Assessment {
  const { plan, demand } = times;
  return {
    ...times,
    falseRollback: falseRollback(plan, demand),
    missedFault: missedFault(plan, demand),
    passedByChance: passedByChance(plan, demand),
  };
}

/** The times alone. */
export function timing(plan: RolloutPlan, demand: Demand): Timing {
  const interval = intervalOf(plan);
  const count = checkCount(plan);
  const faults = assessFaults(plan, demand);
  const [first, ...rest] = faults as readonly [FaultAssessment, ...FaultAssessment[]];
  const exposure = (fault: FaultAssessment) =>
    fault.reachesUsers && Number.isFinite(fault.rollback.worst) ? fault.rollback.worst : 0;
  const worstFault = rest.reduce((worst, fault) => (exposure(fault) > exposure(worst) ? fault : worst), first);
  const errorsLater = faults.find((fault) => fault.fault === 'errors-later');
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
    worstSeconds: exposure(worstFault),
    worstFault,
    watchedSeconds: Math.max(0, count * interval - (errorsLater?.visible?.worst ?? 0) - checkOverheadSeconds),
    promote: timeToPromote(plan, demand),
    checksOfOneBurst: checksOfOneBurst(plan),
    samplesNeeded: percentileSamples,
  };
}

import { percentileSamples } from '../arithmetic/samples-needed';
import { type Demand, defaultPodStartSeconds, slowShareLimit } from '../demand';
import type { RolloutPlan } from '../plan';
import { increase, type Sample } from './increase';
import type { CheckOverhead, SoFar, World } from './simulate';

/** What goes wrong, and when: seconds after the new version's first request. */
export type Fault =
  | { readonly kind: 'none' | 'never-ready' }
  | { readonly kind: 'errors' | 'slow'; readonly share: number; readonly beginsAt: number }
  | { readonly kind: 'crash-loop' | 'target-gone' | 'prometheus-gone'; readonly beginsAt: number };

/**
 * How the clocks stand to each other: scrapes and rule evaluations happen at these seconds after a check, and every s and every evaluation;
 * and how long Flagger works at each check.
 */
export interface Phases {
  readonly scrapeSeconds: number;
  readonly evaluationSeconds: number;
  readonly work?: (tick: number) => CheckOverhead;
}

/** A rate that makes exactly that many requests a window may sum up to a hair less. */
const enough = percentileSamples * (1 - 1e-9);

/**
 * A cluster with Prometheus, in which every request arrives on time: counters that grow evenly, scraped every s, queried over W as Prometheus
 * does. What a scrape or an evaluation finds is known only after its moment, so that equal times fall out the slow way.
 */
export function modelCluster(plan: RolloutPlan, demand: Demand, fault: Fault, phases: Phases): World {
  const began = (soFar: SoFar): number | undefined =>
    'beginsAt' in fault && soFar.firstRequestAt !== undefined ? soFar.firstRequestAt + fault.beginsAt : undefined;
  const reads = new Reads(plan, demand, fault, phases.scrapeSeconds);

  return {
    podStartSeconds:
      fault.kind === 'never-ready' ? Number.POSITIVE_INFINITY : (demand.podStartSeconds ?? defaultPodStartSeconds),
    ...(phases.work === undefined ? {} : { work: phases.work }),
    unavailableSince(at, soFar) {
      const begin = began(soFar);
      return fault.kind === 'crash-loop' && begin !== undefined && at > begin ? begin : undefined;
    },
    metricsPass(at, soFar) {
      const begin = began(soFar);
      const gone = begin !== undefined && at > begin;
      if (fault.kind === 'prometheus-gone' && gone) {
        return false;
      }
      const { total, errors, slow } = reads.over(plan.windowSeconds, at, soFar);
      if (total === undefined) {
        return false;
      }
      if (total > 0 && (errors ?? 0) / total > demand.errorRateLimit) {
        return false;
      }
      if (total >= enough) {
        return (slow ?? 0) / total <= slowShareLimit;
      }
      // Too few to judge: 0 as long as the target is up.
      return !(fault.kind === 'target-gone' && begin !== undefined && reads.lastScrapeBefore(at) >= begin);
    },
    hookFires(at, soFar) {
      const { ruleEvaluationSeconds, groupWaitSeconds, windowSeconds, limitFactor } = plan.alert;
      const latest = lastBefore(at - groupWaitSeconds, phases.evaluationSeconds, ruleEvaluationSeconds);
      const { total, errors, slow } = reads.over(windowSeconds, latest, soFar);
      return (
        total !== undefined &&
        total >= enough &&
        ((errors ?? 0) / total > demand.errorRateLimit * limitFactor ||
          (slow ?? 0) / total > slowShareLimit * limitFactor)
      );
    },
  };
}

/** What Prometheus holds of the canary. */
class Reads {
  constructor(
    private readonly plan: RolloutPlan,
    private readonly demand: Demand,
    private readonly fault: Fault,
    private readonly phase: number,
  ) {}

  lastScrapeBefore(at: number): number {
    return lastBefore(at, this.phase, this.plan.scrapeSeconds);
  }

  over(window: number, at: number, soFar: SoFar): { total?: number; errors?: number; slow?: number } {
    const times: number[] = [];
    const begin =
      this.fault.kind === 'target-gone' ? (soFar.firstRequestAt ?? 0) + this.fault.beginsAt : Number.POSITIVE_INFINITY;
    for (let time = this.lastScrapeBefore(at); time > at - window; time -= this.plan.scrapeSeconds) {
      if (time <= begin) {
        times.unshift(time);
      }
    }
    const of = (counter: (until: number) => number): number | undefined =>
      increase(
        times.map((time): Sample => ({ at: time, value: counter(time) })),
        at - window,
        at,
      );
    const total = of((until) => this.answered(0, until, soFar));
    return {
      ...(total === undefined ? {} : { total }),
      errors: of((until) => this.bad('errors', until, soFar)) ?? 0,
      slow: of((until) => this.bad('slow', until, soFar)) ?? 0,
    };
  }

  private bad(kind: 'errors' | 'slow', until: number, soFar: SoFar): number {
    return this.fault.kind === kind && soFar.firstRequestAt !== undefined
      ? this.fault.share * this.answered(soFar.firstRequestAt + this.fault.beginsAt, until, soFar)
      : 0;
  }

  private answered(from: number, until: number, { weights }: SoFar): number {
    return weights.reduce((sum, { at, weight }, index) => {
      const rate =
        this.plan.strategy === 'canary'
          ? (this.demand.requestsPerSecond * weight) / 100
          : (this.plan.syntheticRequestsPerSecond ?? 0);
      const end = Math.min(until, weights[index + 1]?.at ?? until);
      return sum + rate * Math.max(0, end - Math.max(at, from));
    }, 0);
  }
}

/** The last of the moments `phase + n · every` that lies before `at`. */
function lastBefore(at: number, phase: number, every: number): number {
  return phase + (Math.ceil((at - phase) / every) - 1) * every;
}

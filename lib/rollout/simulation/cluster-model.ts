import { percentileSamples } from '../arithmetic/samples-needed';
import { type Demand, defaultPodStartSeconds, slowShareLimit } from '../demand';
import type { RolloutPlan } from '../plan';
import { increase, type Sample } from './increase';
import type { CheckDelays, ClusterModel, RolloutProgress } from './simulate';

/** What fails, and when: seconds after the new version's first request. */
export type Fault =
  | { readonly kind: 'none' | 'never-ready' }
  | { readonly kind: 'errors' | 'slow'; readonly share: number; readonly beginsAt: number }
  | { readonly kind: 'crash-loop' | 'target-gone' | 'prometheus-gone'; readonly beginsAt: number };

/**
 * How the clocks are shifted against each other. Scrapes and rule evaluations happen this many seconds after a check, and then at every scrape
 * interval and evaluation interval; `checkDelays` is the time Flagger spends on each check.
 */
export interface ClockOffsets {
  readonly scrapeSeconds: number;
  readonly evaluationSeconds: number;
  readonly checkDelays?: (tick: number) => CheckDelays;
}

/** A rate of exactly that many requests per window may add up to slightly less. */
const enoughSamples = percentileSamples * (1 - 1e-9);

/**
 * A model of a cluster with Prometheus. Requests arrive at an even rate; counters are scraped every s and queried over W as Prometheus does it.
 * A query sees only scrapes and evaluations before its own time, so if times coincide, the later result applies.
 */
export function modelCluster(plan: RolloutPlan, demand: Demand, fault: Fault, offsets: ClockOffsets): ClusterModel {
  const faultBeginsAt = ({ firstRequestAt }: RolloutProgress): number | undefined =>
    'beginsAt' in fault && firstRequestAt !== undefined ? firstRequestAt + fault.beginsAt : undefined;
  const prometheus = new PrometheusModel(plan, demand, fault, offsets.scrapeSeconds);

  return {
    podStartSeconds:
      fault.kind === 'never-ready' ? Number.POSITIVE_INFINITY : (demand.podStartSeconds ?? defaultPodStartSeconds),
    checkDelays: offsets.checkDelays,
    unavailableSince(at, progress) {
      const begin = faultBeginsAt(progress);
      return fault.kind === 'crash-loop' && begin !== undefined && at > begin ? begin : undefined;
    },
    metricsPass(at, progress) {
      const begin = faultBeginsAt(progress);
      if (fault.kind === 'prometheus-gone' && begin !== undefined && at > begin) {
        return false;
      }
      const { total, errors, slow } = prometheus.increaseOver(plan.windowSeconds, at, progress);
      if (total === undefined) {
        return false;
      }
      if (total > 0 && errors / total > demand.errorRateLimit) {
        return false;
      }
      if (total >= enoughSamples) {
        return slow / total <= slowShareLimit;
      }
      // With too few samples the p99 query answers 0 as long as the target is up.
      return !(fault.kind === 'target-gone' && begin !== undefined && prometheus.lastScrapeBefore(at) >= begin);
    },
    hookFires(at, progress) {
      const { ruleEvaluationSeconds, groupWaitSeconds, windowSeconds, limitFactor } = plan.alert;
      const evaluatedAt = lastBefore(at - groupWaitSeconds, offsets.evaluationSeconds, ruleEvaluationSeconds);
      const { total, errors, slow } = prometheus.increaseOver(windowSeconds, evaluatedAt, progress);
      return (
        total !== undefined &&
        total >= enoughSamples &&
        (errors / total > demand.errorRateLimit * limitFactor || slow / total > slowShareLimit * limitFactor)
      );
    },
  };
}

/** The canary's counters as Prometheus scrapes them. */
class PrometheusModel {
  constructor(
    private readonly plan: RolloutPlan,
    private readonly demand: Demand,
    private readonly fault: Fault,
    private readonly scrapeOffset: number,
  ) {}

  lastScrapeBefore(at: number): number {
    return lastBefore(at, this.scrapeOffset, this.plan.scrapeSeconds);
  }

  /** Requests in a window that ends at a time. `total` is undefined if the window holds fewer than two scrapes. */
  increaseOver(
    window: number,
    at: number,
    progress: RolloutProgress,
  ): { readonly total: number | undefined; readonly errors: number; readonly slow: number } {
    const times = this.scrapesIn(window, at, progress);
    const increaseOf = (counter: (until: number) => number): number | undefined => {
      const samples = times.map((time): Sample => ({ at: time, value: counter(time) }));
      return increase(samples, at - window, at);
    };
    return {
      total: increaseOf((until) => this.answered(0, until, progress)),
      errors: increaseOf((until) => this.bad('errors', until, progress)) ?? 0,
      slow: increaseOf((until) => this.bad('slow', until, progress)) ?? 0,
    };
  }

  /** A target that is down is not scraped. */
  private scrapesIn(window: number, at: number, { firstRequestAt }: RolloutProgress): readonly number[] {
    const lastScrape =
      this.fault.kind === 'target-gone' ? (firstRequestAt ?? 0) + this.fault.beginsAt : Number.POSITIVE_INFINITY;
    const times: number[] = [];
    for (let time = this.lastScrapeBefore(at); time > at - window; time -= this.plan.scrapeSeconds) {
      if (time <= lastScrape) {
        times.unshift(time);
      }
    }
    return times;
  }

  /** Bad requests of one kind until a time. */
  private bad(kind: 'errors' | 'slow', until: number, progress: RolloutProgress): number {
    return this.fault.kind === kind && progress.firstRequestAt !== undefined
      ? this.fault.share * this.answered(progress.firstRequestAt + this.fault.beginsAt, until, progress)
      : 0;
  }

  /** Requests that the canary answers between two times. */
  private answered(from: number, until: number, { weights }: RolloutProgress): number {
    let requests = 0;
    for (const [index, { at, weight }] of weights.entries()) {
      const rate =
        this.plan.strategy === 'canary'
          ? (this.demand.requestsPerSecond * weight) / 100
          : (this.plan.syntheticRequestsPerSecond ?? 0);
      const end = Math.min(until, weights[index + 1]?.at ?? until);
      requests += rate * Math.max(0, end - Math.max(at, from));
    }
    return requests;
  }
}

/** The last of the times `offset + n·every` that is before `at`. */
function lastBefore(at: number, offset: number, every: number): number {
  return offset + (Math.ceil((at - offset) / every) - 1) * every;
}

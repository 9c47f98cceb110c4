import { intervalOf } from '../arithmetic/checks';
import type { RolloutPlan } from '../plan';

/** Canary weight in percent from a moment on; blue-green: 0, since no user is sent to it. */
export interface WeightChange {
  readonly at: number;
  readonly weight: number;
}

/** What has happened so far, as far as the cluster can know. */
export interface SoFar {
  /** First check at which the new version was ready: its first request. */
  readonly firstRequestAt: number | undefined;
  readonly weights: readonly WeightChange[];
}

/** How long after its tick a check asks, and sets what follows: 0 ≤ asks ≤ acts. */
export interface CheckOverhead {
  readonly asks: number;
  readonly acts: number;
}

/** All that Flagger asks the cluster, Prometheus and the hooks, by seconds from the check that finds the new revision. */
export interface World {
  readonly podStartSeconds: number;
  /** How long Flagger works at the check whose tick is at `tick`. Default: it takes no time. */
  work?(tick: number): CheckOverhead;
  /** Since when the canary's pods are unavailable, if they are. */
  unavailableSince(at: number, soFar: SoFar): number | undefined;
  /** Whether all queries answer, and within their limits. */
  metricsPass(at: number, soFar: SoFar): boolean;
  /** Whether the agent's rollback hook says yes. */
  hookFires(at: number, soFar: SoFar): boolean;
}

export interface SimulatedRollout {
  readonly outcome: 'promoted' | 'rolled-back';
  readonly by?: 'checks' | 'alert' | 'deadline';
  readonly firstRequestAt?: number;
  /** When users were all back on the old version, or the promotion ended. */
  readonly endedAt: number;
  readonly failedChecks: number;
  readonly weights: readonly WeightChange[];
}

type Phase = 'initialized' | 'progressing' | 'promoting' | 'finalising';

/**
 * Flagger's loop of one canary, check by check (pkg/controller/scheduler.go, advanceCanary; version 1.44), with what is easily overlooked:
 * the interval is never under 10 s; a check first returns without counting anything if the primary or the canary is not ready, and rolls back
 * if that lasts longer than the progress deadline; then it asks the rollback hook; then it compares the failed checks of the checks before
 * with the threshold; only then does it look at the metrics. Ticks come every interval, however long the work at the one before took. A passed check takes back no failed one. The first check with ready pods sends
 * traffic and judges nothing.
 */
export function simulate(plan: RolloutPlan, world: World): SimulatedRollout {
  const interval = intervalOf(plan);
  const weights: WeightChange[] = [];
  let phase: Phase = 'initialized';
  let podsReadyAt = Number.POSITIVE_INFINITY;
  let podsMadeAt = 0;
  let firstRequestAt: number | undefined;
  let step = 0;
  let failedChecks = 0;
  let promotedAt = 0;

  for (let tick = 0; ; tick += interval) {
    const { asks, acts } = world.work?.(tick) ?? { asks: 0, acts: 0 };
    const [asked, done] = [tick + asks, tick + acts];
    const soFar: SoFar = { firstRequestAt, weights };
    const ended = (outcome: SimulatedRollout['outcome'], by?: SimulatedRollout['by']): SimulatedRollout => ({
      outcome,
      ...(by === undefined ? {} : { by }),
      ...(firstRequestAt === undefined ? {} : { firstRequestAt }),
      endedAt: done,
      failedChecks,
      weights: [...weights, { at: done, weight: 0 }],
    });

    if (phase === 'initialized') {
      phase = 'progressing';
      podsMadeAt = done;
      podsReadyAt = done + world.podStartSeconds;
      continue;
    }
    if (phase === 'promoting' && asked < promotedAt + world.podStartSeconds) {
      continue;
    }
    const unavailable = asked < podsReadyAt ? podsMadeAt : world.unavailableSince(asked, soFar);
    if (unavailable !== undefined) {
      if (asked > unavailable + plan.progressDeadlineSeconds) {
        return ended('rolled-back', 'deadline');
      }
      continue;
    }
    if (phase === 'progressing' && plan.alertHook && world.hookFires(asked, soFar)) {
      return ended('rolled-back', 'alert');
    }
    if (phase === 'promoting') {
      weights.push({ at: done, weight: 0 });
      phase = 'finalising';
      continue;
    }
    if (phase === 'finalising') {
      return ended('promoted');
    }
    if (failedChecks >= plan.threshold) {
      return ended('rolled-back', 'checks');
    }
    if (firstRequestAt === undefined) {
      firstRequestAt = done;
    } else if (!world.metricsPass(asked, soFar)) {
      failedChecks += 1;
      continue;
    }
    const last = plan.strategy === 'canary' ? plan.steps.length : (plan.iterations ?? 0) + 1;
    if (step < last) {
      weights.push({ at: done, weight: plan.strategy === 'canary' ? (plan.steps[step] ?? 0) : 0 });
      step += 1;
    } else {
      phase = 'promoting';
      promotedAt = done;
    }
  }
}

import { checkCount, intervalOf } from '../arithmetic/checks';
import type { RolloutPlan } from '../plan';

export interface SimulatedRollout {
  readonly outcome: 'promoted' | 'rolled-back';
  readonly by?: 'checks' | 'alert' | 'deadline';
  readonly firstRequestAt?: number;
  /** When all users are back on the old version, or the promotion is over. */
  readonly endedAt: number;
  readonly failedChecks: number;
  readonly weights: readonly WeightChange[];
}

/** Canary weight in percent from a moment on; 0 for blue-green, which sends no users to the new version. */
export interface WeightChange {
  readonly at: number;
  readonly weight: number;
}

/** What Flagger asks the cluster, Prometheus and the hooks. Times are seconds since the check that detects the new revision. */
export interface ClusterModel {
  readonly podStartSeconds: number;
  /**
   * The time Flagger spends on the check whose tick is at `tick`.
   * @default no time
   */
  checkDelays?(tick: number): CheckDelays;
  /** Since when the canary's pods have been unavailable; undefined while they are available. */
  unavailableSince(at: number, progress: RolloutProgress): number | undefined;
  /** Whether every query has a value, and within its limit. */
  metricsPass(at: number, progress: RolloutProgress): boolean;
  /** Whether the rollback hook asks for a rollback. */
  hookFires(at: number, progress: RolloutProgress): boolean;
}

/** How long after its tick a check queries, and sets the weight: 0 ≤ query ≤ act. */
export interface CheckDelays {
  readonly query: number;
  readonly act: number;
}

/** What has happened so far, as far as the cluster can know. */
export interface RolloutProgress {
  /** The first check at which the new version was ready: its first request. */
  readonly firstRequestAt: number | undefined;
  readonly weights: readonly WeightChange[];
}

type Phase = 'initialized' | 'progressing' | 'promoting' | 'finalising';

/**
 * Flagger's loop for one Canary, check by check (pkg/controller/scheduler.go, advanceCanary; version 1.44). Details that are easy to miss:
 * - The interval is at least 10 s, and ticks come every interval no matter how long the previous check took.
 * - If the primary or the canary is not ready, a check returns without counting a failure, and rolls back only after the progress deadline.
 * - The order of a check is: readiness, rollback hook, failed checks so far against the threshold, metrics.
 * - A passed check does not reset the count of failed checks.
 * - The first check with ready pods sends traffic and queries no metrics.
 */
export function simulate(plan: RolloutPlan, cluster: ClusterModel): SimulatedRollout {
  const interval = intervalOf(plan);
  const weights: WeightChange[] = [];
  let phase: Phase = 'initialized';
  let podsCreatedAt = 0;
  let podsReadyAt = Number.POSITIVE_INFINITY;
  let firstRequestAt: number | undefined;
  let passedSteps = 0;
  let failedChecks = 0;
  let promotedAt = 0;

  for (let tick = 0; ; tick += interval) {
    const delays = cluster.checkDelays?.(tick) ?? { query: 0, act: 0 };
    const [queriedAt, actedAt] = [tick + delays.query, tick + delays.act];
    const progress: RolloutProgress = { firstRequestAt, weights };
    const end = (outcome: SimulatedRollout['outcome'], by?: SimulatedRollout['by']): SimulatedRollout => ({
      outcome,
      by,
      firstRequestAt,
      endedAt: actedAt,
      failedChecks,
      weights: [...weights, { at: actedAt, weight: 0 }],
    });

    if (phase === 'initialized') {
      phase = 'progressing';
      podsCreatedAt = actedAt;
      podsReadyAt = actedAt + cluster.podStartSeconds;
      continue;
    }
    if (phase === 'promoting' && queriedAt < promotedAt + cluster.podStartSeconds) {
      continue;
    }
    const unavailableSince = queriedAt < podsReadyAt ? podsCreatedAt : cluster.unavailableSince(queriedAt, progress);
    if (unavailableSince !== undefined) {
      if (queriedAt > unavailableSince + plan.progressDeadlineSeconds) {
        return end('rolled-back', 'deadline');
      }
      continue;
    }
    if (phase === 'progressing' && plan.alertHook && cluster.hookFires(queriedAt, progress)) {
      return end('rolled-back', 'alert');
    }
    if (phase === 'promoting') {
      weights.push({ at: actedAt, weight: 0 });
      phase = 'finalising';
      continue;
    }
    if (phase === 'finalising') {
      return end('promoted');
    }
    if (failedChecks >= plan.threshold) {
      return end('rolled-back', 'checks');
    }
    if (firstRequestAt === undefined) {
      firstRequestAt = actedAt;
    } else if (!cluster.metricsPass(queriedAt, progress)) {
      failedChecks += 1;
      continue;
    }
    if (passedSteps < checkCount(plan)) {
      weights.push({ at: actedAt, weight: plan.strategy === 'canary' ? (plan.steps[passedSteps] ?? 0) : 0 });
      passedSteps += 1;
    } else {
      phase = 'promoting';
      promotedAt = actedAt;
    }
  }
}

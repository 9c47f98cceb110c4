import type { ServiceInEnvironment } from '../catalog';

/** What a service requires of its rollout, and the traffic that its checks can measure. */
export interface Demand {
  /** Traffic of the whole service. */
  readonly requestsPerSecond: number;
  /** Largest share of failed requests, 0 to 1. */
  readonly errorRateLimit: number;
  readonly p99LimitSeconds: number;
  /** The longest that a bad release may reach users. */
  readonly rollbackBudgetSeconds: number;
  /**
   * From a pod's creation to its readiness.
   * @default 9: together with the overhead of the check that creates the pod, one interval of 10
   */
  readonly podStartSeconds?: number;
  /**
   * Share of requests that fail in a healthy release.
   * @default a tenth of the limit
   */
  readonly healthyErrorRate?: number;
  /**
   * Share of requests over the p99 limit in a healthy release.
   * @default 0.1 %, a tenth of the 1 % that a p99 allows
   */
  readonly healthySlowShare?: number;
}

/** The demand of a service in an environment. */
export function demandOf(service: Pick<ServiceInEnvironment, 'requestsPerSecond' | 'objectives' | 'rollback'>): Demand {
  return {
    requestsPerSecond: service.requestsPerSecond,
    errorRateLimit: service.objectives.errorRate,
    p99LimitSeconds: service.objectives.p99Seconds,
    rollbackBudgetSeconds: service.rollback.budgetSeconds,
  };
}

export const defaultPodStartSeconds = 9;

/** Share of requests that a 99th percentile allows over its limit. */
export const slowShareLimit = 0.01;

/** A plan may roll back one in a hundred healthy releases. */
export const falseRollbackBound = 0.01;

/** A plan may promote one in a hundred releases that have the reference fault. */
export const missedFaultBound = 0.01;

/** The share of bad requests that plans are evaluated with: five times what the limit allows, such as 5 % errors where 1 % is allowed. */
export function referenceFault(limit: number): number {
  return Math.min(1, 5 * limit);
}

/** Share of failed requests in a healthy release. */
export function healthyErrorRate(demand: Demand): number {
  return demand.healthyErrorRate ?? demand.errorRateLimit / 10;
}

/** Share of slow requests in a healthy release. */
export function healthySlowShare(demand: Demand): number {
  return demand.healthySlowShare ?? slowShareLimit / 10;
}

import type { ServiceInEnvironment } from '../catalog';

/** What a service asks of its rollout, and the traffic that can give evidence. */
export interface Demand {
  /** Traffic of the whole service. */
  readonly requestsPerSecond: number;
  /** Largest share of failed requests, 0 to 1. */
  readonly errorRateLimit: number;
  readonly p99LimitSeconds: number;
  /** The longest that a bad release may reach users. */
  readonly rollbackBudgetSeconds: number;
  /** From a pod's creation to its readiness. Default 9: with the work of the check that makes it, within one interval of 10. */
  readonly podStartSeconds?: number;
  /** Share of requests that fail in a healthy release. Default: a tenth of the limit. */
  readonly healthyErrorRate?: number;
  /** Share of requests over the p99 limit in a healthy release. Default: 0.1 %, a tenth of the 1 % that a p99 allows. */
  readonly healthySlowShare?: number;
}

/** Share of requests that a 99th percentile allows over its limit. */
export const slowShareLimit = 0.01;

/** The fault that plans are measured by: five times what the limit allows, such as 5 % errors where 1 % is allowed. */
export function referenceFault(limit: number): number {
  return Math.min(1, 5 * limit);
}

/** A false rollback in a hundred releases at most. */
export const falseRollbackBound = 0.01;
/** The measured fault is promoted in one of a hundred cases at most. */
export const missedFaultBound = 0.01;

export const defaultPodStartSeconds = 9;

/** Share of failed requests in a healthy release. */
export function healthyErrorRate(demand: Demand): number {
  return demand.healthyErrorRate ?? demand.errorRateLimit / 10;
}

/** Share of slow requests in a healthy release. */
export function healthySlowShare(demand: Demand): number {
  return demand.healthySlowShare ?? slowShareLimit / 10;
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

import { slowShareLimit } from '../demand';
import { probabilityOfBreach } from './binomial';

/**
 * N: the fewest requests at which a healthy release fails at most `bound` of its checks as too slow; this also holds for more requests. It is at
 * least `1/limit`; below that, a single slow request decides.
 * @param healthy share of slow requests in a healthy release, 0 to 1
 * @param limit share that the quantile allows: 0.01 for a 99th percentile
 */
export function samplesNeeded(healthy: number, limit: number, bound: number): number {
  // The probability jumps up where one more slow request is allowed, and falls in between: the worst number is the last one before each jump.
  const one = Math.ceil(1 / limit - 1e-9);
  for (let allowed = 1; ; allowed += 1) {
    if (probabilityOfBreach((allowed + 1) * one - 1, healthy, limit) <= bound) {
      return allowed * one;
    }
  }
}

/**
 * The fewest requests that a 99th percentile is computed from. With fewer, the query answers 0 and the check passes.
 * From 100 requests on, a healthy release with 0.1 % slow requests fails at most 2 % of its checks; below 100 the slowest request alone decides.
 */
export const percentileSamples = samplesNeeded(slowShareLimit / 10, slowShareLimit, 0.02);

import { slowShareLimit } from '../demand';
import { probabilityOfBreach } from './binomial';

/**
 * N: the fewest requests at which, and above which, a healthy release looks too slow in no more than `bound` of the checks.
 * It is never under `1 / limit`, where a single slow request decides.
 * @param healthy share of slow requests in a healthy release, 0 to 1
 * @param limit share that the quantile allows: 0.01 for a 99th percentile
 */
export function samplesNeeded(healthy: number, limit: number, bound: number): number {
  // Chances jump up where one more slow request is allowed, and fall in between: the last number before each jump is the worst of its stretch.
  const one = Math.ceil(1 / limit - 1e-9);
  for (let allowed = 1; ; allowed += 1) {
    if (probabilityOfBreach((allowed + 1) * one - 1, healthy, limit) <= bound) {
      return allowed * one;
    }
  }
}

/**
 * Requests that a 99th percentile is judged by at least. With fewer, the query answers 0 and judges nothing.
 * At 100 a healthy release with 0.1 % slow requests fails at most 2 % of its checks; under 100 the slowest request alone would decide.
 */
export const percentileSamples = samplesNeeded(slowShareLimit / 10, slowShareLimit, 0.02);

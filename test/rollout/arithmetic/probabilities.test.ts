import * as fc from 'fast-check';
import {
  checkCount,
  checksOfOneBurst,
  falseRollbackProbability,
  intervalOf,
  percentileSamples,
  presets,
  probabilityOfBreach,
  probabilityOfMoreThan,
  rollbackProbability,
  samplesAtCheck,
  samplesNeeded,
} from '../../../lib/rollout';

describe('the probability of a false breach', () => {
  test.each([
    [30, 0.14],
    [100, 0.09],
    [150, 0.17],
    [300, 0.07],
    [1000, 0.014],
    [3000, 0],
  ])('of a p99 with 0.5 %% slow requests among %i is %d', (samples, chance) => {
    expect(Math.abs(probabilityOfBreach(samples, 0.005, 0.01) - chance)).toBeLessThan(0.006);
  });

  test.each([
    [30, 0.03],
    [100, 0.005],
    [300, 0.0003],
  ])('of 1 %% errors with 0.1 %% among %i is %d', (samples, chance) => {
    expect(probabilityOfBreach(samples, 0.001, 0.01)).toBeCloseTo(chance, 3);
  });

  test('counts a share of exactly the limit as within it, despite rounding errors', () => {
    expect(probabilityOfBreach(100, 0.07, 0.07)).toBe(probabilityOfMoreThan(7, 100, 0.07));
    expect(probabilityOfBreach(300, 0.01, 0.01)).toBe(probabilityOfMoreThan(3, 300, 0.01));
  });

  test('is the binomial sum on both sides of the mean', () => {
    const term = (n: number, k: number, p: number): number =>
      Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, factor) => product * factor, 1) *
      p ** k *
      (1 - p) ** (n - k);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (n, k, p) => {
          const direct = Array.from({ length: Math.max(0, n - k) }, (_, i) => term(n, k + 1 + i, p)).reduce(
            (sum, t) => sum + t,
            0,
          );
          expect(probabilityOfMoreThan(k, n, p)).toBeCloseTo(direct, 9);
        },
      ),
    );
  });

  test('is exact and fast with many requests', () => {
    expect(probabilityOfMoreThan(10_000, 1_000_000, 0.01)).toBeGreaterThan(0.49);
    expect(probabilityOfMoreThan(10_000, 1_000_000, 0.01)).toBeLessThan(0.5);
    expect(probabilityOfMoreThan(100_000, 10_000_000, 0.02)).toBeCloseTo(1, 12);
  });
});

describe('the samples that a percentile needs', () => {
  test('are 100 for a p99: with fewer, the slowest request alone decides; from 100 on, a healthy release fails at most 2 % of its checks', () => {
    expect(percentileSamples).toBe(100);
    for (let samples = 100; samples < 3000; samples += 1) {
      expect(probabilityOfBreach(samples, 0.001, 0.01)).toBeLessThanOrEqual(0.02);
    }
    expect(probabilityOfBreach(99, 0.001, 0.01)).toBeGreaterThan(0.02);
  });

  test('are more for a release that is closer to its limit', () => {
    expect(samplesNeeded(0.002, 0.01, 0.02)).toBeGreaterThan(samplesNeeded(0.001, 0.01, 0.02));
    expect(samplesNeeded(0.005, 0.01, 0.02)).toBeGreaterThan(500);
  });
});

describe('the samples of a check', () => {
  const demand = { requestsPerSecond: 200, errorRateLimit: 0.01, p99LimitSeconds: 0.5, rollbackBudgetSeconds: 60 };
  test('include requests at the weight before: half a window of each under the fast plan', () => {
    expect([1, 2, 3, 4].map((check) => samplesAtCheck(presets.fast, demand, check))).toEqual([100, 300, 700, 1500]);
  });

  test('increase to rps·weight·W while a check fails and the weight stays', () => {
    expect([0, 1, 2].map((retry) => samplesAtCheck(presets.fast, demand, 4, retry))).toEqual([1500, 2000, 2000]);
    expect([0, 1, 2].map((retry) => samplesAtCheck(presets.fast, demand, 1, retry))).toEqual([100, 200, 200]);
  });
});

describe('the probability of a rollback', () => {
  test('is large where each of 20 checks fails with 10 % and the threshold is 3: failures add up over the rollout', () => {
    const probability = rollbackProbability(20, 3, () => 0.1);
    // At least three failures in the 22 checks that 20 passes and 2 failures make.
    expect(probability).toBeCloseTo(probabilityOfMoreThan(2, 22, 0.1), 12);
    expect(probability).toBeGreaterThan(0.32);
  });

  test('is larger where one bad window fails two checks', () => {
    expect(rollbackProbability(4, 3, () => 0.1, 2)).toBeGreaterThan(rollbackProbability(4, 3, () => 0.1));
  });

  test.each([20, 50, 100])(
    'of a healthy release is not underestimated: %i requests per second, 40,000 rollouts with overlapping windows',
    (requestsPerSecond) => {
      const plan = presets.fast;
      const demand = {
        requestsPerSecond,
        errorRateLimit: 0.01,
        p99LimitSeconds: 0.5,
        rollbackBudgetSeconds: 60,
        healthyErrorRate: 0.002,
        healthySlowShare: 0,
      };
      const draw = random(requestsPerSecond);
      let rolledBack = 0;
      const runs = 40_000;
      for (let run = 0; run < runs; run += 1) {
        const intervals: { readonly requests: number; readonly errors: number }[] = [];
        let [check, failed] = [1, 0];
        while (check <= checkCount(plan) && failed < plan.threshold) {
          const requests = Math.round((requestsPerSecond * (plan.steps[check - 1] ?? 0) * intervalOf(plan)) / 100);
          intervals.push({ requests, errors: drawFailures(requests, 0.002, draw) });
          const window = intervals.slice(-checksOfOneBurst(plan));
          const [all, bad] = [window.reduce((n, i) => n + i.requests, 0), window.reduce((n, i) => n + i.errors, 0)];
          if (bad > all * 0.01 + 1e-9) {
            failed += 1;
          } else {
            check += 1;
          }
        }
        rolledBack += failed >= plan.threshold ? 1 : 0;
      }
      const measured = rolledBack / runs;
      const computed = falseRollbackProbability(plan, demand);
      expect(measured).toBeLessThanOrEqual(computed + 3 * Math.sqrt(computed / runs));
      expect(measured).toBeGreaterThan(computed / 10);
    },
  );
});

/** A pseudorandom generator of numbers in [0, 1), the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Draws how many of `requests` fail, from the gaps between failures. */
function drawFailures(requests: number, share: number, draw: () => number): number {
  let count = 0;
  for (let at = gap(share, draw); at < requests; at += 1 + gap(share, draw)) {
    count += 1;
  }
  return count;
}

function gap(share: number, draw: () => number): number {
  return Math.floor(Math.log(1 - draw()) / Math.log1p(-share));
}

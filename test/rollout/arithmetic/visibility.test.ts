import * as fc from 'fast-check';
import { increase, visibility } from '../../../lib/rollout';

/** Seconds until the share of errors, computed as Prometheus does it, is over the limit. Evaluated at each scrape, like the measurement. */
function secondsUntilVisible(scrape: number, window: number, share: number, limit: number): number {
  const rate = 10;
  for (let after = scrape; ; after += scrape) {
    const times = Array.from({ length: Math.ceil(window / scrape) }, (_, index) => after - index * scrape).reverse();
    const inWindow = times.filter((time) => time > after - window);
    const total = increase(
      inWindow.map((at) => ({ at, value: 10_000 + rate * at })),
      after - window,
      after,
    );
    const errors = increase(
      inWindow.map((at) => ({ at, value: rate * share * Math.max(0, at) })),
      after - window,
      after,
    );
    if ((errors ?? 0) / (total ?? 1) > limit + 1e-12) {
      return after;
    }
  }
}

describe('the time until a fault is visible', () => {
  test.each([
    [5, 30, 0.05, 10],
    [5, 30, 0.02, 20],
    [5, 60, 0.05, 15],
    [5, 60, 0.02, 35],
    [5, 120, 0.05, 25],
    [5, 120, 0.02, 65],
    [30, 120, 0.05, 30],
  ])('agrees with promtool: scrape %i s, window %i s, share %d: after %i s', (scrape, window, share, measured) => {
    expect(secondsUntilVisible(scrape, window, share, 0.01)).toBe(measured);
    expect(measured).toBeLessThanOrEqual(
      visibility({ scrapeSeconds: scrape, windowSeconds: window }, share, 0.01).worst,
    );
    expect(measured).toBeGreaterThan(
      visibility({ scrapeSeconds: scrape, windowSeconds: window }, share, 0.01).worst - scrape,
    );
  });

  test('is infinite for a fault at or below the limit', () => {
    expect(visibility({ scrapeSeconds: 5, windowSeconds: 20 }, 0.01, 0.01).worst).toBe(Number.POSITIVE_INFINITY);
  });

  test('increases with a longer window, rarer scrapes, a smaller fault and a larger limit', () => {
    const positive = fc.double({ min: 0.001, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 600 }),
        fc.double({ min: 0.02, max: 0.5, noNaN: true }),
        fc.double({ min: 0.0001, max: 0.019, noNaN: true }),
        positive,
        (scrapeSeconds, windowSeconds, fault, limit, more) => {
          const base = visibility({ scrapeSeconds, windowSeconds }, fault, limit).worst;
          expect(
            visibility({ scrapeSeconds: scrapeSeconds + more, windowSeconds }, fault, limit).worst,
          ).toBeGreaterThan(base);
          expect(
            visibility({ scrapeSeconds, windowSeconds: windowSeconds + more }, fault, limit).worst,
          ).toBeGreaterThan(base);
          expect(visibility({ scrapeSeconds, windowSeconds }, fault + more, limit).worst).toBeLessThan(base);
          expect(visibility({ scrapeSeconds, windowSeconds }, fault, limit + more).worst).toBeGreaterThan(base);
        },
      ),
    );
  });
});

describe('an increase', () => {
  test('needs two samples', () => {
    expect(increase([], 0, 20)).toBeUndefined();
    expect(increase([{ at: 5, value: 3 }], 0, 20)).toBeUndefined();
  });

  test('of a counter whose first sample is 5 is 0: errors before the first scrape are invisible', () => {
    expect(
      increase(
        [
          { at: 15, value: 5 },
          { at: 20, value: 5 },
        ],
        0,
        20,
      ),
    ).toBe(0);
  });

  test('extends to both ends of the window if samples are near them', () => {
    expect(
      increase(
        [
          { at: 5, value: 1000 },
          { at: 10, value: 1050 },
          { at: 15, value: 1100 },
        ],
        0,
        20,
      ),
    ).toBeCloseTo(200);
  });

  test('does not extend to a time before the counter was 0', () => {
    expect(
      increase(
        [
          { at: 5, value: 0 },
          { at: 10, value: 50 },
          { at: 15, value: 100 },
        ],
        0,
        20,
      ),
    ).toBeCloseTo(150);
  });
});

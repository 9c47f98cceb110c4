import * as fc from 'fast-check';
import { assess, type Demand, judge, type PresetName, presets, type RolloutPlan } from '../../lib/rollout';
import { demands, plans } from './arbitrary';

const hello: Demand = { requestsPerSecond: 200, errorRateLimit: 0.01, p99LimitSeconds: 0.5, rollbackBudgetSeconds: 60 };

function figures(name: PresetName, demand: Demand = { ...hello, rollbackBudgetSeconds: 180 }) {
  const { faults, promote, watchedSeconds, worstSeconds } = assess(presets[name], demand);
  return {
    rollback: Object.fromEntries(faults.map(({ fault, rollback }) => [fault, [rollback.best, rollback.worst]])),
    requests: Object.fromEntries(faults.map(({ fault, requests }) => [fault, requests.worst])),
    promote: [promote.best, promote.worst],
    watchedSeconds,
    worstSeconds,
  };
}

describe('the figures of a preset at 200 requests a second', () => {
  test('fast: 5 % errors are gone after 40 s and 400 requests, as seen on a real cluster; everything else within a minute', () => {
    expect(figures('fast')).toEqual({
      rollback: {
        'errors-from-start': [40, 40],
        'errors-later': [30, 49],
        'slow-from-start': [50, 50],
        'slow-later': [30, 50],
        'crash-loop': [45, 55],
        'never-ready': [45, 55],
        'metrics-gone': [30, 55],
      },
      requests: {
        'errors-from-start': 400,
        'errors-later': 4900,
        'slow-from-start': 900,
        'slow-later': 5000,
        'crash-loop': 5500,
        'never-ready': 0,
        'metrics-gone': 5500,
      },
      promote: [70, 80],
      watchedSeconds: 31,
      worstSeconds: 55,
    });
  });

  test('balanced', () => {
    expect(figures('balanced')).toEqual({
      rollback: {
        'errors-from-start': [90, 90],
        'errors-later': [75, 107],
        'slow-from-start': [90, 105],
        'slow-later': [75, 107],
        'crash-loop': [90, 105],
        'never-ready': [90, 105],
        'metrics-gone': [75, 145],
      },
      requests: {
        'errors-from-start': 900,
        'errors-later': 10_700,
        'slow-from-start': 1950,
        'slow-later': 10_700,
        'crash-loop': 10_500,
        'never-ready': 0,
        'metrics-gone': 14_500,
      },
      promote: [120, 135],
      watchedSeconds: 58,
      worstSeconds: 145,
    });
  });

  test('careful', () => {
    expect(figures('careful')).toEqual({
      rollback: {
        'errors-from-start': [120, 120],
        'errors-later': [100, 142],
        'slow-from-start': [120, 140],
        'slow-later': [100, 142],
        'crash-loop': [120, 140],
        'never-ready': [120, 140],
        'metrics-gone': [100, 170],
      },
      requests: {
        'errors-from-start': 1200,
        'errors-later': 14_200,
        'slow-from-start': 2600,
        'slow-later': 14_200,
        'crash-loop': 14_000,
        'never-ready': 0,
        'metrics-gone': 17_000,
      },
      promote: [200, 220],
      watchedSeconds: 118,
      worstSeconds: 170,
    });
  });

  test('blue-green: no user meets the release before it is promoted', () => {
    expect(figures('blue-green')).toEqual({
      rollback: {
        'errors-from-start': [90, 90],
        'errors-later': [75, 107],
        'slow-from-start': [90, 90],
        'slow-later': [75, 107],
        'crash-loop': [90, 105],
        'never-ready': [90, 105],
        'metrics-gone': [75, 145],
      },
      requests: {
        'errors-from-start': 0,
        'errors-later': 0,
        'slow-from-start': 0,
        'slow-later': 0,
        'crash-loop': 0,
        'never-ready': 0,
        'metrics-gone': 0,
      },
      promote: [180, 195],
      watchedSeconds: 118,
      worstSeconds: 0,
    });
  });

  test.each(Object.keys(presets) as PresetName[])(
    '%s takes every measured fault back in less than 3 minutes, and is judged ok',
    (name) => {
      const verdict = judge(presets[name], { ...hello, rollbackBudgetSeconds: 180 });
      expect(verdict.ok).toBe(true);
      for (const fault of verdict.assessment.faults) {
        expect(fault.rollback.worst).toBeLessThan(180);
      }
    },
  );

  test('with the alert hook 5 % errors are gone after 30 s at most, and the checks stay beside it', () => {
    const { faults } = assess({ ...presets.fast, alertHook: true }, hello);
    expect(faults.slice(0, 2).map(({ rollback, by }) => [rollback.worst, by])).toEqual([
      [30, 'alert'],
      [30, 'alert'],
    ]);
  });

  test('of a service that says nothing (50 requests a second, 60 s, fast) keep what is asked', () => {
    expect(judge(presets.fast, { ...hello, requestsPerSecond: 50 }).ok).toBe(true);
  });
});

describe('a plan is refused', () => {
  const cases: readonly (readonly [string, Partial<RolloutPlan>, Partial<Demand>, string, number, number])[] = [
    ['whose worst case is over the budget', {}, { rollbackBudgetSeconds: 48 }, 'over-budget', 49, 48],
    ['whose interval Flagger would not keep', { intervalSeconds: 5 }, {}, 'interval-below-clamp', 5, 10],
    ['whose window may hold a single scrape', { scrapeSeconds: 15 }, {}, 'window-too-short', 20, 30],
    ['whose weights do not rise', { steps: [5, 25, 10] }, {}, 'steps-not-ascending', 10, 25],
    ['that one burst would roll back', { threshold: 2 }, {}, 'single-burst', 2, 3],
    ['that can not judge the p99', {}, { requestsPerSecond: 5 }, 'too-few-samples', 37.5, 100],
    [
      'that judges the p99 only after the last check',
      { steps: [5] },
      { requestsPerSecond: 200 },
      'too-few-samples',
      15,
      10,
    ],
  ];
  test.each(cases)('%s, with the number that breaks', (_, change, asked, code, number, limit) => {
    const verdict = judge({ ...presets.fast, ...change }, { ...hello, ...asked });
    expect(verdict.ok ? [] : verdict.problems.filter((problem) => problem.code === code)).toEqual(
      expect.arrayContaining([expect.objectContaining({ code, number, limit })]),
    );
  });

  test('that noise would roll back too often', () => {
    const verdict = judge(presets.careful, { ...hello, requestsPerSecond: 10, rollbackBudgetSeconds: 600 });
    expect(verdict.ok ? [] : verdict.problems.map(({ code }) => code)).toEqual(['false-rollback']);
  });

  test('that would promote a bad release too often', () => {
    const verdict = judge(presets.fast, { ...hello, requestsPerSecond: 3 });
    expect(verdict.ok ? [] : verdict.problems.map(({ code }) => code)).toContain('missed-fault');
  });

  test('that gives a blue-green release no traffic at all, since it would pass whatever it does', () => {
    const verdict = judge({ ...presets['blue-green'], syntheticRequestsPerSecond: 0 }, hello);
    expect(verdict.ok ? [] : verdict.problems.map(({ code }) => code)).toEqual(['no-traffic']);
  });

  test('with its arithmetic in the message', () => {
    const verdict = judge(presets.fast, { ...hello, rollbackBudgetSeconds: 48 });
    expect(verdict.ok ? '' : verdict.problems.map(({ message }) => message).join('\n')).toContain(
      'Over the rollback budget of 48 s: 5 % errors, beginning later: V + (T + 1)·I = 9 + 4·10 = 49 s.',
    );
  });
});

describe('a suggestion', () => {
  test('for a service with 30 requests a second begins with a larger weight, and changes nothing else', () => {
    const verdict = judge(presets.fast, { ...hello, requestsPerSecond: 30 });
    expect(verdict.ok ? undefined : verdict.suggestion).toEqual({ ...presets.fast, steps: [10, 25, 50] });
  });

  test('for a service with next to no traffic is blue-green with generated requests', () => {
    const verdict = judge(presets.fast, { ...hello, requestsPerSecond: 1 });
    expect(verdict.ok ? undefined : verdict.suggestion).toEqual(presets['blue-green']);
  });

  test('is judged ok itself, whatever plan it stands in for', () => {
    let suggested = 0;
    fc.assert(
      fc.property(plans, demands, (plan, demand) => {
        const verdict = judge(plan, demand);
        if (!verdict.ok && verdict.suggestion !== undefined) {
          suggested += 1;
          expect(judge(verdict.suggestion, demand).ok).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
    expect(suggested).toBeGreaterThan(10);
  });
});

describe('the worst case of the checks', () => {
  const later = (plan: RolloutPlan, demand: Demand) =>
    assess({ ...plan, alertHook: false }, demand).faults.find(({ fault }) => fault === 'errors-later')?.rollback
      .worst ?? 0;

  test.each(['scrapeSeconds', 'windowSeconds', 'intervalSeconds', 'threshold'] as const)(
    'never falls when %s grows',
    (parameter) => {
      fc.assert(
        fc.property(plans, demands, fc.integer({ min: 1, max: 60 }), (plan, demand, more) => {
          const larger = { ...plan, [parameter]: plan[parameter] + more };
          expect(later(larger, demand)).toBeGreaterThanOrEqual(later(plan, demand));
        }),
      );
    },
  );

  test('of a crash loop grows with the deadline, second by second', () => {
    const crash = (plan: RolloutPlan) =>
      assess(plan, hello).faults.find(({ fault }) => fault === 'crash-loop')?.rollback.worst ?? 0;
    expect(
      crash({ ...presets.fast, progressDeadlineSeconds: 180 }) -
        crash({ ...presets.fast, progressDeadlineSeconds: 60 }),
    ).toBe(120);
  });
});

import * as fc from 'fast-check';
import { assess, type Demand, evaluatePlan, type PresetName, presets, type RolloutPlan } from '../../lib/rollout';
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

describe('the figures of a preset at 200 requests per second', () => {
  test('fast: 5 % errors are rolled back after 40 s and one second of overhead, as measured on a cluster; every other fault within a minute', () => {
    expect(figures('fast')).toEqual({
      rollback: {
        'errors-from-start': [40, 41],
        'errors-later': [30, 50],
        'slow-from-start': [50, 51],
        'slow-later': [30, 51],
        'crash-loop': [45, 56],
        'never-ready': [45, 57],
        'metrics-gone': [30, 56],
      },
      requests: {
        'errors-from-start': 410,
        'errors-later': 5000,
        'slow-from-start': 920,
        'slow-later': 5100,
        'crash-loop': 5600,
        'never-ready': 0,
        'metrics-gone': 5600,
      },
      promote: [70, 81],
      watchedSeconds: 30,
      worstSeconds: 56,
    });
  });

  test('balanced', () => {
    expect(figures('balanced')).toEqual({
      rollback: {
        'errors-from-start': [90, 91],
        'errors-later': [75, 108],
        'slow-from-start': [90, 106],
        'slow-later': [75, 108],
        'crash-loop': [90, 106],
        'never-ready': [90, 107],
        'metrics-gone': [75, 146],
      },
      requests: {
        'errors-from-start': 910,
        'errors-later': 10_800,
        'slow-from-start': 1970,
        'slow-later': 10_800,
        'crash-loop': 10_600,
        'never-ready': 0,
        'metrics-gone': 14_600,
      },
      promote: [120, 136],
      watchedSeconds: 57,
      worstSeconds: 146,
    });
  });

  test('careful', () => {
    expect(figures('careful')).toEqual({
      rollback: {
        'errors-from-start': [120, 121],
        'errors-later': [100, 143],
        'slow-from-start': [120, 141],
        'slow-later': [100, 143],
        'crash-loop': [120, 141],
        'never-ready': [120, 142],
        'metrics-gone': [100, 171],
      },
      requests: {
        'errors-from-start': 1210,
        'errors-later': 14_300,
        'slow-from-start': 2620,
        'slow-later': 14_300,
        'crash-loop': 14_100,
        'never-ready': 0,
        'metrics-gone': 17_100,
      },
      promote: [200, 221],
      watchedSeconds: 117,
      worstSeconds: 171,
    });
  });

  test('blue-green: no user reaches the release before its promotion', () => {
    expect(figures('blue-green')).toEqual({
      rollback: {
        'errors-from-start': [90, 91],
        'errors-later': [75, 108],
        'slow-from-start': [90, 91],
        'slow-later': [75, 108],
        'crash-loop': [90, 106],
        'never-ready': [90, 107],
        'metrics-gone': [75, 146],
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
      promote: [180, 196],
      watchedSeconds: 117,
      worstSeconds: 0,
    });
  });

  test.each(Object.keys(presets) as PresetName[])(
    '%s rolls every reference fault back in less than 3 minutes, and has no problems',
    (name) => {
      const verdict = evaluatePlan(presets[name], { ...hello, rollbackBudgetSeconds: 180 });
      expect(verdict.ok).toBe(true);
      for (const fault of verdict.assessment.faults) {
        expect(fault.rollback.worst).toBeLessThan(180);
      }
    },
  );

  test('with the rollback hook 5 % errors are rolled back within 31 s, and checks still run', () => {
    const { faults } = assess({ ...presets.fast, alertHook: true }, hello);
    expect(faults.slice(0, 2).map(({ rollback, by }) => [rollback.worst, by])).toEqual([
      [31, 'alert'],
      [31, 'alert'],
    ]);
  });

  test('of a service with default settings (50 requests per second, 65 s, fast) meet the demand', () => {
    expect(evaluatePlan(presets.fast, { ...hello, requestsPerSecond: 50, rollbackBudgetSeconds: 65 }).ok).toBe(true);
  });
});

describe('a plan has a problem', () => {
  const cases: readonly (readonly [string, Partial<RolloutPlan>, Partial<Demand>, string, number, number])[] = [
    ['if its worst case is over the budget', {}, { rollbackBudgetSeconds: 48 }, 'over-budget', 50, 48],
    ['if Flagger would raise its interval', { intervalSeconds: 5 }, {}, 'interval-below-clamp', 5, 10],
    ['if its window may hold a single scrape', { scrapeSeconds: 15 }, {}, 'window-too-short', 20, 30],
    ['if its weights do not increase', { steps: [5, 25, 10] }, {}, 'steps-not-ascending', 10, 25],
    ['if one burst rolls it back', { threshold: 2 }, {}, 'single-burst', 2, 3],
    ['if no check has enough requests for the p99', {}, { requestsPerSecond: 5 }, 'too-few-samples', 37.5, 100],
    [
      'if the p99 has enough requests only after the last check',
      { steps: [5] },
      { requestsPerSecond: 200 },
      'too-few-samples',
      15,
      10,
    ],
  ];
  test.each(cases)('%s, and names the number that is out of bounds', (_, change, demandChange, code, number, limit) => {
    const verdict = evaluatePlan({ ...presets.fast, ...change }, { ...hello, ...demandChange });
    expect(verdict.ok ? [] : verdict.problems.filter((problem) => problem.code === code)).toEqual(
      expect.arrayContaining([expect.objectContaining({ code, number, limit })]),
    );
  });

  test('if false rollbacks are too likely', () => {
    const verdict = evaluatePlan(presets.careful, { ...hello, requestsPerSecond: 10, rollbackBudgetSeconds: 600 });
    expect(verdict.ok ? [] : verdict.problems.map(({ code }) => code)).toEqual(['false-rollback']);
  });

  test('if a missed fault is too likely', () => {
    const verdict = evaluatePlan(presets.fast, { ...hello, requestsPerSecond: 3 });
    expect(verdict.ok ? [] : verdict.problems.map(({ code }) => code)).toContain('missed-fault');
  });

  test('if a blue-green release gets no traffic, because a bad release would pass', () => {
    const verdict = evaluatePlan({ ...presets['blue-green'], syntheticRequestsPerSecond: 0 }, hello);
    expect(verdict.ok ? [] : verdict.problems.map(({ code }) => code)).toEqual(['no-traffic']);
  });

  test('and its message shows the arithmetic', () => {
    const verdict = evaluatePlan(presets.fast, { ...hello, rollbackBudgetSeconds: 48 });
    expect(verdict.ok ? '' : verdict.problems.map(({ message }) => message).join('\n')).toContain(
      'Over the rollback budget of 48 s: 5 % errors, beginning later: V + (T + 1)·I + w = 9 + 4·10 + 1 = 50 s.',
    );
  });
});

describe('the message of', () => {
  const messages = (plan: RolloutPlan, demand: Demand) => {
    const verdict = evaluatePlan(plan, demand);
    return verdict.ok ? [] : verdict.problems.map(({ message }) => message);
  };

  test('a single burst computes how many checks it fails', () => {
    expect(messages({ ...presets.fast, threshold: 2 }, hello)[0]).toMatch(
      /ceil\(W \/ I\) = ceil\(20 \/ 10\) = 2 checks, and the plan rolls back after 2 failed checks\./,
    );
  });

  test('too few requests compares the fullest window with what the p99 needs', () => {
    expect(messages(presets.fast, { ...hello, requestsPerSecond: 5 })[0]).toBe(
      'Too few requests for the p99. The p99 needs 100 requests; the fullest window has 37.5 (5 requests per second, weights up to 50 %, window 20 s). No check would detect a slow release.',
    );
    expect(messages({ ...presets.fast, steps: [5] }, hello)[0]).toBe(
      'Too few requests for the p99 in time. The p99 may need 15 s to collect 100 requests, and the last check is at 10 s.',
    );
  });
});

describe('a suggestion', () => {
  test('for a service with 30 requests per second starts with a larger weight, and changes nothing else', () => {
    const verdict = evaluatePlan(presets.fast, { ...hello, requestsPerSecond: 30, rollbackBudgetSeconds: 65 });
    expect(verdict.ok ? undefined : verdict.suggestion).toEqual({ ...presets.fast, steps: [10, 25, 50] });
  });

  test('for a service with almost no traffic is blue-green with generated requests', () => {
    const verdict = evaluatePlan(presets.fast, { ...hello, requestsPerSecond: 1 });
    expect(verdict.ok ? undefined : verdict.suggestion).toEqual(presets['blue-green']);
  });

  test('has no problems itself, for any plan that it replaces', () => {
    let suggested = 0;
    fc.assert(
      fc.property(plans, demands, (plan, demand) => {
        const verdict = evaluatePlan(plan, demand);
        if (!verdict.ok && verdict.suggestion !== undefined) {
          suggested += 1;
          expect(evaluatePlan(verdict.suggestion, demand).ok).toBe(true);
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
    'never decreases when %s increases',
    (parameter) => {
      fc.assert(
        fc.property(plans, demands, fc.integer({ min: 1, max: 60 }), (plan, demand, more) => {
          const larger = { ...plan, [parameter]: plan[parameter] + more };
          expect(later(larger, demand)).toBeGreaterThanOrEqual(later(plan, demand));
        }),
      );
    },
  );

  test('of pods that crash and stay down increases with the deadline, second by second', () => {
    const crash = (plan: RolloutPlan) =>
      assess(plan, hello).faults.find(({ fault }) => fault === 'crash-loop')?.rollback.worst ?? 0;
    expect(
      crash({ ...presets.fast, progressDeadlineSeconds: 180 }) -
        crash({ ...presets.fast, progressDeadlineSeconds: 60 }),
    ).toBe(120);
  });
});

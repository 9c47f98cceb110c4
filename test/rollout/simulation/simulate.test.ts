import * as fc from 'fast-check';
import {
  assess,
  type CheckOverhead,
  checkCount,
  checkOverheadSeconds,
  type Demand,
  type Fault,
  type FaultName,
  intervalOf,
  modelCluster,
  type Phases,
  presets,
  type RolloutPlan,
  referenceFault,
  type SimulatedRollout,
  simulate,
  slowShareLimit,
  timeToPromote,
} from '../../../lib/rollout';
import { demands, soundPlans } from '../arbitrary';

const demand: Demand = {
  requestsPerSecond: 200,
  errorRateLimit: 0.01,
  p99LimitSeconds: 0.5,
  rollbackBudgetSeconds: 60,
};
const together: Phases = { scrapeSeconds: 0, evaluationSeconds: 0 };

function row(plan: RolloutPlan, asked: Demand, name: FaultName) {
  const found = assess(plan, asked).faults.find(({ fault }) => fault === name);
  if (found === undefined) {
    throw new Error(`no row ${name}`);
  }
  return found;
}

/** Seconds from the fault's beginning to the rollback. */
function exposure(run: SimulatedRollout, beginsAt: number): number {
  return run.endedAt - (run.firstRequestAt ?? 0) - beginsAt;
}

/** Chosen so that clocks often coincide: that is where the worst case lies. */
const offset = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 600, noNaN: true }));
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const works = fc.array(
  fc.tuple(share, share).map(
    (shares): CheckOverhead => ({
      asks: Math.min(...shares) * checkOverheadSeconds,
      acts: Math.max(...shares) * checkOverheadSeconds,
    }),
  ),
  { minLength: 1, maxLength: 12 },
);
const situations = fc.record({
  plan: soundPlans,
  demand: demands,
  scrape: offset,
  evaluation: offset,
  begin: fc.double({ min: 0, max: 1, noNaN: true }),
  whole: fc.boolean(),
  work: works,
});

function situated({
  plan,
  scrape,
  evaluation,
  begin,
  whole,
  work,
}: {
  plan: RolloutPlan;
  scrape: number;
  evaluation: number;
  begin: number;
  whole: boolean;
  work: readonly CheckOverhead[];
}) {
  const length = checkCount(plan) * intervalOf(plan);
  return {
    phases: {
      scrapeSeconds: scrape % plan.scrapeSeconds,
      evaluationSeconds: evaluation % plan.alert.ruleEvaluationSeconds,
      work: (tick: number) => work[Math.round(tick / intervalOf(plan)) % work.length] as CheckOverhead,
    },
    beginsAt: whole ? Math.floor(begin * length) : begin * length,
  };
}

describe('a simulated rollout', () => {
  test('of a bad release under the fast plan ends as it did on a real cluster: failed checks at 10, 20, 30 s, rolled back at 40 s', () => {
    const run = simulate(
      presets.fast,
      modelCluster(presets.fast, demand, { kind: 'errors', share: 0.05, beginsAt: 0 }, together),
    );
    expect({ outcome: run.outcome, by: run.by, after: exposure(run, 0), failed: run.failedChecks }).toEqual({
      outcome: 'rolled-back',
      by: 'checks',
      after: 40,
      failed: 3,
    });
    expect(run.weights.map(({ weight }) => weight)).toEqual([5, 0]);
  });

  test('of a healthy release under the fast plan takes every weight and ends after 70 s, of which 80 were seen with the wait for the first check', () => {
    const run = simulate(presets.fast, modelCluster(presets.fast, demand, { kind: 'none' }, together));
    expect(run.weights).toEqual([
      { at: 10, weight: 5 },
      { at: 20, weight: 10 },
      { at: 30, weight: 25 },
      { at: 40, weight: 50 },
      { at: 60, weight: 0 },
      { at: 70, weight: 0 },
    ]);
    expect(run).toMatchObject({ outcome: 'promoted', endedAt: 70, failedChecks: 0 });
  });

  test('counts failed checks over the whole rollout: passes between them forgive nothing', () => {
    const failing = new Set([20, 40, 60]);
    const run = simulate(presets.fast, {
      podStartSeconds: 1,
      unavailableSince: () => undefined,
      metricsPass: (at) => !failing.has(at),
      hookFires: () => false,
    });
    expect(run).toMatchObject({ outcome: 'rolled-back', by: 'checks', endedAt: 70, failedChecks: 3 });
  });

  test('tests the threshold at the start of the check after, before it looks at metrics again', () => {
    const asked: number[] = [];
    const run = simulate(
      { ...presets.fast, threshold: 1 },
      {
        podStartSeconds: 1,
        unavailableSince: () => undefined,
        metricsPass: (at) => {
          asked.push(at);
          return false;
        },
        hookFires: () => false,
      },
    );
    expect({ asked, endedAt: run.endedAt }).toEqual({ asked: [20], endedAt: 30 });
  });

  test('asks neither metrics nor hook while pods are unready, and gives up after the deadline', () => {
    const plan = { ...presets.fast, alertHook: true };
    const run = simulate(plan, {
      podStartSeconds: 1,
      unavailableSince: (at) => (at > 10 ? 10 : undefined),
      metricsPass: () => {
        throw new Error('metrics were asked');
      },
      hookFires: (at) => at > 10,
    });
    expect(run).toMatchObject({ outcome: 'rolled-back', by: 'deadline', endedAt: 60, failedChecks: 0 });
  });

  test('rolls back at once where the hook says yes, whatever the threshold', () => {
    const run = simulate(
      { ...presets.fast, alertHook: true, threshold: 100 },
      {
        podStartSeconds: 1,
        unavailableSince: () => undefined,
        metricsPass: () => false,
        hookFires: (at) => at >= 20,
      },
    );
    expect(run).toMatchObject({ outcome: 'rolled-back', by: 'alert', endedAt: 20 });
  });

  test('runs no more often than every 10 s, whatever the plan says', () => {
    const hasty = { ...presets.fast, intervalSeconds: 2 };
    expect(simulate(hasty, modelCluster(hasty, demand, { kind: 'none' }, together)).endedAt).toBe(70);
  });

  test('of a blue-green release judges one check more than its iterations', () => {
    let checks = 0;
    simulate(presets['blue-green'], {
      podStartSeconds: 1,
      unavailableSince: () => undefined,
      metricsPass: () => {
        checks += 1;
        return true;
      },
      hookFires: () => false,
    });
    expect(checks).toBe(9);
  });
});

describe('the computed worst case', () => {
  const faults = [
    ['errors', 'errors-later', (asked: Demand) => referenceFault(asked.errorRateLimit)],
    ['slow', 'slow-later', () => referenceFault(slowShareLimit)],
  ] as const;

  test.each(faults)(
    'is never exceeded by %s that begin at any time: they are rolled back by then, or began too late to be seen',
    (kind, name, share) => {
      fc.assert(
        fc.property(situations, (situation) => {
          const { plan, demand: asked } = situation;
          const { phases, beginsAt } = situated(situation);
          const run = simulate(plan, modelCluster(plan, asked, { kind, share: share(asked), beginsAt }, phases));
          const computed = row(plan, asked, name);
          if (run.outcome === 'rolled-back') {
            expect(exposure(run, beginsAt)).toBeLessThanOrEqual(computed.rollback.worst + 1e-9);
          } else {
            expect(checkCount(plan) * intervalOf(plan) - beginsAt).toBeLessThanOrEqual(
              (computed.visible?.worst ?? 0) + checkOverheadSeconds + 1e-9,
            );
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each([
    ['errors', 'errors-from-start', (asked: Demand) => referenceFault(asked.errorRateLimit)],
    ['slow', 'slow-from-start', () => referenceFault(slowShareLimit)],
  ] as const)('is never exceeded by %s from the first request, in time nor in requests', (kind, name, share) => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand: asked } = situation;
        const { phases } = situated(situation);
        const run = simulate(plan, modelCluster(plan, asked, { kind, share: share(asked), beginsAt: 0 }, phases));
        const computed = row(plan, asked, name);
        if (run.outcome === 'rolled-back') {
          expect(exposure(run, 0)).toBeLessThanOrEqual(computed.rollback.worst + 1e-9);
          expect(requests(run, asked)).toBeLessThanOrEqual(computed.requests.worst * (1 + 1e-9) + 1e-9);
        } else {
          expect(computed.rollback.worst).toBe(Number.POSITIVE_INFINITY);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['crash-loop', 'crash-loop'],
    ['target-gone', 'metrics-gone'],
    ['prometheus-gone', 'metrics-gone'],
  ] as const)('is never exceeded by %s', (kind, name) => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand: asked } = situation;
        const { phases, beginsAt } = situated(situation);
        const run = simulate(plan, modelCluster(plan, asked, { kind, beginsAt }, phases));
        const computed = row(plan, asked, name);
        if (run.outcome === 'rolled-back') {
          expect(exposure(run, beginsAt)).toBeLessThanOrEqual(computed.rollback.worst + 1e-9);
        } else {
          expect(checkCount(plan) * intervalOf(plan) - beginsAt).toBeLessThanOrEqual(
            (computed.visible?.worst ?? 0) + checkOverheadSeconds + 1e-9,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of a promotion is never exceeded by a healthy release, seen at any moment before a check', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand: asked } = situation;
        // Too few requests for a percentile, or a burst of them: what is healthy passes all the same.
        const run = simulate(plan, modelCluster(plan, asked, { kind: 'none' }, situated(situation).phases));
        expect(run.outcome).toBe('promoted');
        expect(run.endedAt + intervalOf(plan)).toBeLessThanOrEqual(timeToPromote(plan, asked).worst + 1e-9);
        expect(run.endedAt).toBeGreaterThanOrEqual(timeToPromote(plan, asked).best);
      }),
    );
  });

  test('is never exceeded by pods that never get ready, which get no request', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand: asked } = situation;
        const run = simulate(plan, modelCluster(plan, asked, { kind: 'never-ready' }, situated(situation).phases));
        expect(run).toMatchObject({ outcome: 'rolled-back', by: 'deadline' });
        expect(run.firstRequestAt).toBeUndefined();
        expect(run.endedAt).toBeLessThanOrEqual(row(plan, asked, 'never-ready').rollback.worst);
      }),
    );
  });

  test('is met by a fault from the first request, and by pods that never get ready, where the last check alone works long', () => {
    const work = (tick: number): CheckOverhead => ({ asks: 0, acts: tick > 40 ? checkOverheadSeconds : 0 });
    const bad = modelCluster(presets.fast, demand, { kind: 'errors', share: 0.05, beginsAt: 0 }, { ...together, work });
    expect(exposure(simulate(presets.fast, bad), 0)).toBe(
      row(presets.fast, demand, 'errors-from-start').rollback.worst,
    );
    // The deadline ends just after a check: pods are made late, and given up late.
    const even = { ...presets.fast, progressDeadlineSeconds: 60 };
    const slowly = () => ({ asks: 0, acts: checkOverheadSeconds });
    const unready = simulate(even, modelCluster(even, demand, { kind: 'never-ready' }, { ...together, work: slowly }));
    expect(unready.endedAt).toBe(71);
    expect(unready.endedAt).toBeLessThanOrEqual(row(even, demand, 'never-ready').rollback.worst);
  });

  // Asked at once, and done as late as it can be: the check that fails comes soon, the one that takes back late.
  const slowly = (): CheckOverhead => ({ asks: 0, acts: checkOverheadSeconds });
  // Weights that hardly rise, over long enough: there the window of a fault is as diluted as it can be.
  const steady = { steps: [90, 91, 92, 93, 94, 95, 96, 97, 98, 99] };
  const late: readonly (readonly [string, (beginsAt: number) => Fault, FaultName, Partial<RolloutPlan>])[] = [
    ['errors', (beginsAt) => ({ kind: 'errors', share: 0.05, beginsAt }), 'errors-later', steady],
    ['slowness', (beginsAt) => ({ kind: 'slow', share: 0.05, beginsAt }), 'slow-later', steady],
    [
      'an alert',
      (beginsAt) => ({ kind: 'errors', share: 0.05, beginsAt }),
      'errors-later',
      { ...steady, alertHook: true },
    ],
    ['a crash loop', (beginsAt) => ({ kind: 'crash-loop', beginsAt }), 'crash-loop', {}],
    ['a vanished target', (beginsAt) => ({ kind: 'target-gone', beginsAt }), 'metrics-gone', {}],
  ];
  test.each(late)('is met by %s: no time is promised that is too long', (_, fault, name, change) => {
    const plan = { ...presets.fast, ...change };
    const worst = row(plan, demand, name).rollback.worst;
    // The largest of many clocks, since the worst moment depends on them.
    let largest = 0;
    const middle = Math.floor((checkCount(plan) * intervalOf(plan)) / 20) * 10;
    for (let tenth = 0; tenth < 100; tenth += 1) {
      for (const scrapeSeconds of [0, 0.1, 1, 2, 3, 4, 4.9]) {
        for (const evaluationSeconds of plan.alertHook ? [0, 0.1, 2, 4, 4.9] : [0]) {
          const beginsAt = middle - 10 + tenth / 10;
          const run = simulate(
            plan,
            modelCluster(plan, demand, fault(beginsAt), { scrapeSeconds, evaluationSeconds, work: slowly }),
          );
          largest = run.outcome === 'rolled-back' ? Math.max(largest, exposure(run, beginsAt)) : largest;
        }
      }
    }
    expect(largest).toBeLessThanOrEqual(worst + 1e-9);
    // An alert is a little sooner: a rate reaches from the last scrape to the moment of its evaluation.
    expect(largest).toBeGreaterThan(worst * (plan.alertHook ? 0.92 : 0.97));
  });
});

function requests(run: SimulatedRollout, asked: Demand): number {
  return run.weights.reduce((sum, { at, weight }, index) => {
    const until = run.weights[index + 1]?.at ?? at;
    return sum + ((asked.requestsPerSecond * weight) / 100) * (until - at);
  }, 0);
}

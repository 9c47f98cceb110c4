import * as fc from 'fast-check';
import {
  assess,
  type CheckDelays,
  type ClockOffsets,
  checkCount,
  checkOverheadSeconds,
  type Demand,
  type Fault,
  type FaultName,
  intervalOf,
  modelCluster,
  presets,
  type RolloutPlan,
  referenceFault,
  type SimulatedRollout,
  simulate,
  slowShareLimit,
  timeToPromote,
} from '../../../lib/rollout';
import { demands, plansWithSamples } from '../arbitrary';

const demand: Demand = {
  requestsPerSecond: 200,
  errorRateLimit: 0.01,
  p99LimitSeconds: 0.5,
  rollbackBudgetSeconds: 60,
};
const simultaneous: ClockOffsets = { scrapeSeconds: 0, evaluationSeconds: 0 };

function assessmentOf(plan: RolloutPlan, demand: Demand, name: FaultName) {
  const found = assess(plan, demand).faults.find(({ fault }) => fault === name);
  if (found === undefined) {
    throw new Error(`no assessment of ${name}`);
  }
  return found;
}

/** Seconds from the fault's beginning to the rollback. */
function exposure(run: SimulatedRollout, beginsAt: number): number {
  return run.endedAt - (run.firstRequestAt ?? 0) - beginsAt;
}

/** Chosen so that clocks often coincide, which is where the worst case is. */
const offset = fc.oneof(fc.integer({ min: 0, max: 600 }), fc.double({ min: 0, max: 600, noNaN: true }));
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const delays = fc.array(
  fc.tuple(share, share).map(
    (shares): CheckDelays => ({
      query: Math.min(...shares) * checkOverheadSeconds,
      act: Math.max(...shares) * checkOverheadSeconds,
    }),
  ),
  { minLength: 1, maxLength: 12 },
);
const situations = fc.record({
  plan: plansWithSamples,
  demand: demands,
  scrape: offset,
  evaluation: offset,
  begin: fc.double({ min: 0, max: 1, noNaN: true }),
  whole: fc.boolean(),
  delays,
});

function arrange({
  plan,
  scrape,
  evaluation,
  begin,
  whole,
  delays,
}: {
  plan: RolloutPlan;
  scrape: number;
  evaluation: number;
  begin: number;
  whole: boolean;
  delays: readonly CheckDelays[];
}) {
  const length = checkCount(plan) * intervalOf(plan);
  return {
    offsets: {
      scrapeSeconds: scrape % plan.scrapeSeconds,
      evaluationSeconds: evaluation % plan.alert.ruleEvaluationSeconds,
      checkDelays: (tick: number) => delays[Math.round(tick / intervalOf(plan)) % delays.length] as CheckDelays,
    },
    beginsAt: whole ? Math.floor(begin * length) : begin * length,
  };
}

describe('a simulated rollout', () => {
  test('of a bad release under the fast plan ends as measured on a cluster: failed checks at 10, 20 and 30 s, rollback at 40 s', () => {
    const run = simulate(
      presets.fast,
      modelCluster(presets.fast, demand, { kind: 'errors', share: 0.05, beginsAt: 0 }, simultaneous),
    );
    expect({ outcome: run.outcome, by: run.by, after: exposure(run, 0), failed: run.failedChecks }).toEqual({
      outcome: 'rolled-back',
      by: 'checks',
      after: 40,
      failed: 3,
    });
    expect(run.weights.map(({ weight }) => weight)).toEqual([5, 0]);
  });

  test('of a healthy release under the fast plan sets every weight and ends after 70 s; 80 s were measured, including the wait for the first check', () => {
    const run = simulate(presets.fast, modelCluster(presets.fast, demand, { kind: 'none' }, simultaneous));
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

  test('counts failed checks over the whole rollout: passed checks do not reset the count', () => {
    const failing = new Set([20, 40, 60]);
    const run = simulate(presets.fast, {
      podStartSeconds: 1,
      unavailableSince: () => undefined,
      metricsPass: (at) => !failing.has(at),
      hookFires: () => false,
    });
    expect(run).toMatchObject({ outcome: 'rolled-back', by: 'checks', endedAt: 70, failedChecks: 3 });
  });

  test('compares the threshold at the start of the next check, before it queries metrics again', () => {
    const queriedAt: number[] = [];
    const run = simulate(
      { ...presets.fast, threshold: 1 },
      {
        podStartSeconds: 1,
        unavailableSince: () => undefined,
        metricsPass: (at) => {
          queriedAt.push(at);
          return false;
        },
        hookFires: () => false,
      },
    );
    expect({ queriedAt, endedAt: run.endedAt }).toEqual({ queriedAt: [20], endedAt: 30 });
  });

  test('queries neither metrics nor hook while pods are unready, and rolls back after the deadline', () => {
    const plan = { ...presets.fast, alertHook: true };
    const run = simulate(plan, {
      podStartSeconds: 1,
      unavailableSince: (at) => (at > 10 ? 10 : undefined),
      metricsPass: () => {
        throw new Error('metrics were queried');
      },
      hookFires: (at) => at > 10,
    });
    expect(run).toMatchObject({ outcome: 'rolled-back', by: 'deadline', endedAt: 60, failedChecks: 0 });
  });

  test('rolls back at once if the hook fires, at any threshold', () => {
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

  test('runs at most every 10 s, even with a shorter interval in the plan', () => {
    const tooShort = { ...presets.fast, intervalSeconds: 2 };
    expect(simulate(tooShort, modelCluster(tooShort, demand, { kind: 'none' }, simultaneous)).endedAt).toBe(70);
  });

  test('of a blue-green release runs one check more than its iterations', () => {
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
    ['errors', 'errors-later', (demand: Demand) => referenceFault(demand.errorRateLimit)],
    ['slow', 'slow-later', () => referenceFault(slowShareLimit)],
  ] as const;

  test.each(faults)(
    'is never exceeded by %s that begin at any time: they are rolled back by then, or begin too late to be detected',
    (kind, name, share) => {
      fc.assert(
        fc.property(situations, (situation) => {
          const { plan, demand } = situation;
          const { offsets, beginsAt } = arrange(situation);
          const run = simulate(plan, modelCluster(plan, demand, { kind, share: share(demand), beginsAt }, offsets));
          const computed = assessmentOf(plan, demand, name);
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
    ['errors', 'errors-from-start', (demand: Demand) => referenceFault(demand.errorRateLimit)],
    ['slow', 'slow-from-start', () => referenceFault(slowShareLimit)],
  ] as const)(
    'is never exceeded by %s from the first request, neither in time nor in requests',
    (kind, name, share) => {
      fc.assert(
        fc.property(situations, (situation) => {
          const { plan, demand } = situation;
          const { offsets } = arrange(situation);
          const run = simulate(plan, modelCluster(plan, demand, { kind, share: share(demand), beginsAt: 0 }, offsets));
          const computed = assessmentOf(plan, demand, name);
          if (run.outcome === 'rolled-back') {
            expect(exposure(run, 0)).toBeLessThanOrEqual(computed.rollback.worst + 1e-9);
            expect(requests(run, demand)).toBeLessThanOrEqual(computed.requests.worst * (1 + 1e-9) + 1e-9);
          } else {
            expect(computed.rollback.worst).toBe(Number.POSITIVE_INFINITY);
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each([
    ['crash-loop', 'crash-loop'],
    ['target-gone', 'metrics-gone'],
    ['prometheus-gone', 'metrics-gone'],
  ] as const)('is never exceeded by %s', (kind, name) => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand } = situation;
        const { offsets, beginsAt } = arrange(situation);
        const run = simulate(plan, modelCluster(plan, demand, { kind, beginsAt }, offsets));
        const computed = assessmentOf(plan, demand, name);
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

  test('of a promotion is never exceeded by a healthy release that is detected at any time before a check', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand } = situation;
        // A healthy release passes with too few requests for a percentile, and with many.
        const run = simulate(plan, modelCluster(plan, demand, { kind: 'none' }, arrange(situation).offsets));
        expect(run.outcome).toBe('promoted');
        expect(run.endedAt + intervalOf(plan)).toBeLessThanOrEqual(timeToPromote(plan, demand).worst + 1e-9);
        expect(run.endedAt).toBeGreaterThanOrEqual(timeToPromote(plan, demand).best);
      }),
    );
  });

  test('is never exceeded by pods that never become ready, which get no request', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { plan, demand } = situation;
        const run = simulate(plan, modelCluster(plan, demand, { kind: 'never-ready' }, arrange(situation).offsets));
        expect(run).toMatchObject({ outcome: 'rolled-back', by: 'deadline' });
        expect(run.firstRequestAt).toBeUndefined();
        expect(run.endedAt).toBeLessThanOrEqual(assessmentOf(plan, demand, 'never-ready').rollback.worst);
      }),
    );
  });

  test('is reached by a fault from the first request, and by pods that never become ready, if only the last check is slow', () => {
    const checkDelays = (tick: number): CheckDelays => ({ query: 0, act: tick > 40 ? checkOverheadSeconds : 0 });
    const bad = modelCluster(
      presets.fast,
      demand,
      { kind: 'errors', share: 0.05, beginsAt: 0 },
      { ...simultaneous, checkDelays },
    );
    expect(exposure(simulate(presets.fast, bad), 0)).toBe(
      assessmentOf(presets.fast, demand, 'errors-from-start').rollback.worst,
    );
    // The deadline ends just after a check: the pods are created late and fail late.
    const even = { ...presets.fast, progressDeadlineSeconds: 60 };
    const slowCheck = () => ({ query: 0, act: checkOverheadSeconds });
    const unready = simulate(
      even,
      modelCluster(even, demand, { kind: 'never-ready' }, { ...simultaneous, checkDelays: slowCheck }),
    );
    expect(unready.endedAt).toBe(71);
    expect(unready.endedAt).toBeLessThanOrEqual(assessmentOf(even, demand, 'never-ready').rollback.worst);
  });

  // Queries at once and acts as late as possible: the failed check is early, the rollback late.
  const slowCheck = (): CheckDelays => ({ query: 0, act: checkOverheadSeconds });
  // Many almost equal weights: they dilute the window of a fault as much as possible.
  const steady = { steps: [90, 91, 92, 93, 94, 95, 96, 97, 98, 99] };
  const late: readonly (readonly [string, (beginsAt: number) => Fault, FaultName, Partial<RolloutPlan>])[] = [
    ['errors', (beginsAt) => ({ kind: 'errors', share: 0.05, beginsAt }), 'errors-later', steady],
    ['slow requests', (beginsAt) => ({ kind: 'slow', share: 0.05, beginsAt }), 'slow-later', steady],
    [
      'an alert',
      (beginsAt) => ({ kind: 'errors', share: 0.05, beginsAt }),
      'errors-later',
      { ...steady, alertHook: true },
    ],
    ['pods that crash and stay down', (beginsAt) => ({ kind: 'crash-loop', beginsAt }), 'crash-loop', {}],
    ['a target that is down', (beginsAt) => ({ kind: 'target-gone', beginsAt }), 'metrics-gone', {}],
  ];
  test.each(late)('is almost reached by %s: the computed time is not too long', (_, fault, name, change) => {
    const plan = { ...presets.fast, ...change };
    const worst = assessmentOf(plan, demand, name).rollback.worst;
    // The largest exposure over many clock offsets, because the worst one depends on them.
    let largest = 0;
    const middle = Math.floor((checkCount(plan) * intervalOf(plan)) / 20) * 10;
    for (let tenth = 0; tenth < 100; tenth += 1) {
      for (const scrapeSeconds of [0, 0.1, 1, 2, 3, 4, 4.9]) {
        for (const evaluationSeconds of plan.alertHook ? [0, 0.1, 2, 4, 4.9] : [0]) {
          const beginsAt = middle - 10 + tenth / 10;
          const run = simulate(
            plan,
            modelCluster(plan, demand, fault(beginsAt), { scrapeSeconds, evaluationSeconds, checkDelays: slowCheck }),
          );
          largest = run.outcome === 'rolled-back' ? Math.max(largest, exposure(run, beginsAt)) : largest;
        }
      }
    }
    expect(largest).toBeLessThanOrEqual(worst + 1e-9);
    // An alert is slightly earlier: a rate extends from the last scrape to the time of its evaluation.
    expect(largest).toBeGreaterThan(worst * (plan.alertHook ? 0.92 : 0.97));
  });
});

function requests(run: SimulatedRollout, demand: Demand): number {
  return run.weights.reduce((sum, { at, weight }, index) => {
    const until = run.weights[index + 1]?.at ?? at;
    return sum + ((demand.requestsPerSecond * weight) / 100) * (until - at);
  }, 0);
}

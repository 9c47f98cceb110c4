import type { RolloutPreset, ServiceInEnvironment } from '../catalog';

export type PresetName = RolloutPreset;

/** How a release reaches users, and how it is taken back. All times in seconds. */
export interface RolloutPlan {
  readonly strategy: 'canary' | 'blue-green';
  /** s: time between two scrapes of the canary. */
  readonly scrapeSeconds: number;
  /** W: window of the queries. */
  readonly windowSeconds: number;
  /** I: time between two checks; Flagger takes no less than 10 (pkg/apis/flagger/v1beta1/canary.go, GetAnalysisInterval). */
  readonly intervalSeconds: number;
  /** T: failed checks until rollback. Cumulative over the whole rollout: a passed check forgives nothing. */
  readonly threshold: number;
  /** Canary weights in percent, ascending, one a check; empty for blue-green. */
  readonly steps: readonly number[];
  /** Checks of a blue-green rollout before all traffic moves at once. */
  readonly iterations?: number;
  /**
   * Generated requests a second that a blue-green release is judged by: it gets no traffic of users before it is promoted, and a release
   * without any traffic passes every check.
   */
  readonly syntheticRequestsPerSecond?: number;
  /** D: how long pods may be unready before the rollout counts as failed. Default 60; see {@link presets}. */
  readonly progressDeadlineSeconds: number;
  /** The agent's rollback hook: an alert rolls back at the next check. */
  readonly alertHook: boolean;
  /** The rule behind the hook. */
  readonly alert: AlertRule;
}

/** When the rule behind the hook fires: at once (`for: 0s`), when over its window more than `limitFactor` times the limit was bad. */
export interface AlertRule {
  readonly ruleEvaluationSeconds: number;
  readonly groupWaitSeconds: number;
  readonly windowSeconds: number;
  /** One alert is enough to roll back, so it asks for more than the limit that a check asks for. */
  readonly limitFactor: number;
}

const alert: AlertRule = { ruleEvaluationSeconds: 5, groupWaitSeconds: 0, windowSeconds: 20, limitFactor: 2 };

/**
 * The plans that a service can name. Each tolerates one short burst (a burst fails `ceil(W / I)` checks, and T is larger), and each takes
 * a release that fails 5 % of its requests back in less than 3 minutes.
 * - `fast`: checks every 10 s over a 20 s window: back in under a minute. The default. Pods have 45 s to get ready, so that even a crash
 *   loop, which waits for the deadline and the check after it, stays under a minute; where nodes have to be started first, give both more.
 * - `balanced`: a window of 60 s gathers three times the samples a check: for services with less traffic. Back in under 2 minutes.
 * - `careful`: small steps and few scrapes, for releases that must not be rolled back by noise. Back in under 2½ minutes.
 * - `blue-green`: no weights, for traffic too low to judge a share of it. Generated requests judge the release before any user meets it;
 *   then all traffic moves, and nothing watches any more but the alerts of the service.
 */
export const presets: Readonly<Record<PresetName, RolloutPlan>> = {
  fast: {
    strategy: 'canary',
    scrapeSeconds: 5,
    windowSeconds: 20,
    intervalSeconds: 10,
    threshold: 3,
    steps: [5, 10, 25, 50],
    progressDeadlineSeconds: 45,
    alertHook: false,
    alert,
  },
  balanced: {
    strategy: 'canary',
    scrapeSeconds: 5,
    windowSeconds: 60,
    intervalSeconds: 15,
    threshold: 5,
    steps: [5, 10, 20, 30, 50],
    progressDeadlineSeconds: 90,
    alertHook: false,
    alert,
  },
  careful: {
    strategy: 'canary',
    scrapeSeconds: 10,
    windowSeconds: 60,
    intervalSeconds: 20,
    threshold: 5,
    steps: [5, 10, 15, 20, 30, 40, 50],
    progressDeadlineSeconds: 120,
    alertHook: false,
    alert,
  },
  'blue-green': {
    strategy: 'blue-green',
    scrapeSeconds: 5,
    windowSeconds: 60,
    intervalSeconds: 15,
    threshold: 5,
    steps: [],
    iterations: 8,
    syntheticRequestsPerSecond: 20,
    progressDeadlineSeconds: 90,
    alertHook: false,
    alert,
  },
};

/** The plan of a service in an environment: its preset, and what it says otherwise. */
export function planOf(service: Pick<ServiceInEnvironment, 'rollback' | 'agent'>): RolloutPlan {
  const { rollback } = service;
  const preset = presets[rollback.plan];
  return {
    ...preset,
    scrapeSeconds: rollback.scrapeSeconds ?? preset.scrapeSeconds,
    windowSeconds: rollback.windowSeconds ?? preset.windowSeconds,
    intervalSeconds: rollback.intervalSeconds ?? preset.intervalSeconds,
    threshold: rollback.threshold ?? preset.threshold,
    steps: preset.strategy === 'canary' ? (rollback.steps ?? preset.steps) : preset.steps,
    progressDeadlineSeconds: rollback.progressDeadlineSeconds ?? preset.progressDeadlineSeconds,
    alertHook: service.agent,
  };
}

import type { RolloutPreset, ServiceInEnvironment } from '../catalog';

export type PresetName = RolloutPreset;

/** How a release reaches users, and when it is rolled back. All times in seconds. */
export interface RolloutPlan {
  readonly strategy: 'canary' | 'blue-green';
  /** s: time between two scrapes of the canary. */
  readonly scrapeSeconds: number;
  /** W: the window of the queries. */
  readonly windowSeconds: number;
  /** I: time between two checks; Flagger raises a shorter one to 10 (pkg/apis/flagger/v1beta1/canary.go, GetAnalysisInterval). */
  readonly intervalSeconds: number;
  /** T: failed checks until rollback, counted over the whole rollout: a passed check does not reset the count. */
  readonly threshold: number;
  /** Canary weights in percent, ascending, one per check; empty for blue-green. */
  readonly steps: readonly number[];
  /** Checks of a blue-green rollout before all traffic moves at once. */
  readonly iterations?: number;
  /**
   * Generated requests per second that a blue-green release is checked with. It gets no user traffic before its promotion, and a release without
   * traffic passes every check.
   */
  readonly syntheticRequestsPerSecond?: number;
  /** D: how long all pods may be unready before the rollout fails. */
  readonly progressDeadlineSeconds: number;
  /** Whether the rollback hook is on: an alert rolls back at the next check. */
  readonly alertHook: boolean;
  /** The rule behind the hook. */
  readonly alert: AlertRule;
}

/** The rule fires at once (`for: 0s`) when the share of bad requests in its window is more than `limitFactor` times the limit. */
export interface AlertRule {
  readonly ruleEvaluationSeconds: number;
  readonly groupWaitSeconds: number;
  readonly windowSeconds: number;
  /** A single alert rolls back, so its limit is higher than that of a check. */
  readonly limitFactor: number;
}

const alert: AlertRule = { ruleEvaluationSeconds: 5, groupWaitSeconds: 0, windowSeconds: 20, limitFactor: 2 };

/**
 * The plans that a service can name. Each tolerates one short burst: the burst fails `ceil(W/I)` checks, and T is larger. Each rolls back a
 * release that fails 5 % of its requests in less than 3 minutes.
 * - `fast`, the default: checks every 10 s over a window of 20 s roll back in under a minute. Pods have 45 s to become ready, so that a
 *   release whose pods all crash and stay down is rolled back in under a minute too: at the check after the deadline. Pods that become ready between
 *   crashes are not covered. Where pods wait for new nodes, raise both the deadline and the budget.
 * - `balanced`: a window of 60 s gathers three times the samples per check, for services with less traffic. Rolls back in under 2½ minutes.
 * - `careful`: small steps and fewer scrapes, for services where a false rollback is expensive. Rolls back in under 3 minutes.
 * - `blue-green`: no weights, for traffic that is too low to check a share of it. Generated requests check the release before any user reaches it.
 *   Then all traffic moves at once, and only the service's alerts watch the release.
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

/** The plan of a service in an environment: its preset with the service's own settings. */
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

import type { RolloutPreset, ServiceInEnvironment } from '../catalog';

/** How a release reaches users, and how it is taken back. All times in seconds. */
export interface RolloutPlan {
  readonly strategy: 'canary' | 'blue-green';
  /** s: time between two scrapes of the canary. */
  readonly scrapeSeconds: number;
  /** W: window of the queries. */
  readonly windowSeconds: number;
  /** I: time between two checks; Flagger takes no less than 10 (pkg/apis/flagger/v1beta1/canary.go). */
  readonly intervalSeconds: number;
  /** T: failed checks until rollback. Cumulative over the whole rollout: a passed check forgives nothing. */
  readonly threshold: number;
  /** Canary weights in percent, one a check; empty for blue-green. */
  readonly steps: readonly number[];
  /** Checks of a blue-green rollout before traffic moves at once. */
  readonly iterations?: number;
  /** How long pods may take to get ready before the rollout counts as failed. */
  readonly progressDeadlineSeconds: number;
  /** The agent's rollback hook: an alert rolls back at the next check. */
  readonly alertHook: boolean;
  /** The rule behind the hook. */
  readonly alert: {
    readonly ruleEvaluationSeconds: number;
    readonly groupWaitSeconds: number;
    readonly windowSeconds: number;
  };
}

const alert = { ruleEvaluationSeconds: 5, groupWaitSeconds: 0, windowSeconds: 20 } as const;

/**
 * The plans that a service can name.
 * - `fast`: checks every 10 s over a 20 s window; a bad release is back in under a minute. The default.
 * - `balanced`: more samples a check and one more failed check allowed: for services with less traffic.
 * - `careful`: long windows and small steps, for releases that must not be rolled back by noise.
 * - `blue-green`: no weights; for traffic too low to judge a share of it. All traffic moves after the checks.
 */
export const presets: Readonly<Record<RolloutPreset, RolloutPlan>> = {
  fast: {
    strategy: 'canary',
    scrapeSeconds: 5,
    windowSeconds: 20,
    intervalSeconds: 10,
    threshold: 3,
    steps: [5, 10, 25, 50],
    progressDeadlineSeconds: 60,
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

/** Annotations of a Canary for the rules of progressive delivery (charts/rules). Flagger ignores them. */
export const annotations = {
  /** How long a bad release may affect users: a duration, for example 60s. */
  budget: 'bowline.dev/rollback-budget',
  /** Requests per second that the service expects. */
  requestsPerSecond: 'bowline.dev/requests-per-second',
  /** Accepted findings with their reasons: `PD013: reason; PD014: reason`. */
  accept: 'bowline.dev/accept',
} as const;

/**
 * Annotations of a ConfigMap or a Secret that Flagger does not copy for the primary and whose changes start no rollout. Flagger reads them only
 * there, not on a Deployment or a Canary (pkg/canary/config_tracker.go, configIsDisabled).
 */
export const configTracking = {
  disabled: { 'flagger.app/config-tracking': 'disabled' },
} as const;

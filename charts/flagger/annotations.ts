/** What a Canary says about itself to those who judge it. Flagger does not read them. */
export const annotations = {
  /** How long users may meet a bad release: a duration, such as 60s. */
  budget: 'bowline.dev/rollback-budget',
  /** Requests a second that the service expects. */
  requestsPerSecond: 'bowline.dev/requests-per-second',
  /** Findings that are taken in: `PD013: why; PD014: why`. */
  accept: 'bowline.dev/accept',
} as const;

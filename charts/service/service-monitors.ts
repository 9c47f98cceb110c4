import type { RolloutPlan } from '../../lib/rollout';

/** How often pods are scraped: the canary as often as the plan needs, the primary as often as objectives do. */
export function scrapeSeconds(
  plan: Pick<RolloutPlan, 'scrapeSeconds'>,
): Readonly<Record<'canary' | 'primary', number>> {
  return { canary: plan.scrapeSeconds, primary: Math.max(plan.scrapeSeconds, 15) };
}

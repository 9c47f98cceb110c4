import { rollbackByChecks, visibility } from '../../lib/rollout';
import {
  analysisPath,
  budgetOf,
  canaries,
  defaultScrapeSeconds,
  metricsOf,
  scrapeSecondsOf,
  timesOf,
} from './canaries';
import type { Rule } from './rule';

/** What the rule asks for: a release that fails a twentieth of its requests, where a hundredth is allowed. */
const fault = 0.05;
const limit = 0.01;

export const rollbackOverBudget: Rule = {
  id: 'PD001',
  title: 'A bad release is back within the rollback budget',
  why: 'Window, interval and threshold decide how long users meet it: V + (T + 1)·I at worst, where V = W·limit/fault + scrape. The budget is the annotation `bowline.dev/rollback-budget`, else three minutes.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      if (metricsOf(canary).length === 0) {
        return [];
      }
      const { windowSeconds, intervalSeconds, threshold } = timesOf(canary);
      const known = scrapeSecondsOf(canary, objects);
      const scrapeSeconds = known ?? Math.min(defaultScrapeSeconds, windowSeconds / 2);
      const visible = visibility({ scrapeSeconds, windowSeconds }, fault, limit);
      const { worst } = rollbackByChecks({ intervalSeconds, threshold }, visible);
      const budget = budgetOf(canary);
      if (worst <= budget) {
        return [];
      }
      const assumed =
        known === undefined ? ` at a scrape every ${seconds(scrapeSeconds)} s, which no file here says` : '';
      return [
        {
          object: canary,
          path: [...analysisPath(canary), 'threshold'],
          // What is only assumed is no reason to stop.
          level: known === undefined && worst - scrapeSeconds <= budget ? ('warning' as const) : ('error' as const),
          message: `a release that fails 5 % of its requests is back after ${seconds(worst)} s at worst${assumed}: V + (T + 1)·I = ${seconds(visible.worst)} + ${threshold + 1}·${Math.max(10, intervalSeconds)}. The budget is ${budget} s: check more often (interval), or give up sooner (threshold)`,
        },
      ];
    }),
};

function seconds(value: number): number {
  return Number(value.toFixed(1));
}

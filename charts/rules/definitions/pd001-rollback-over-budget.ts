import {
  intervalOf,
  presets,
  referenceFault,
  rollbackByAlert,
  rollbackByChecks,
  visibility,
} from '../../../lib/rollout';
import {
  analysisPath,
  canaries,
  defaultScrapeSeconds,
  hasDeclaredBudget,
  movesTrafficAfterChecks,
  readBudget,
  readMetrics,
  readScrapeSeconds,
  readTimes,
} from '../manifests/canaries';
import { readErrorLimit } from '../manifests/error-limit';
import { alertBehindHook } from '../manifests/rollback-alerts';
import type { Rule } from '../rule';

export const rollbackOverBudget: Rule = {
  id: 'PD001',
  title: 'A bad release is back within the rollback budget',
  why: 'Window, interval and threshold decide how long users meet it: V + (T + 1)·I and the work of a check at worst, where V = W·limit/fault + scrape, and the fault is five times the limit. An alert behind a rollback hook may be sooner. Blue-green is passed over: no user meets a release before its checks are over. The budget is the annotation `bowline.dev/rollback-budget`, else three minutes, and then it is a warning.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      if (readMetrics(canary).length === 0 || movesTrafficAfterChecks(canary)) {
        return [];
      }
      const limit = readErrorLimit(canary, objects);
      const fault = referenceFault(limit);
      const { windowSeconds, intervalSeconds, threshold } = readTimes(canary);
      const known = readScrapeSeconds(canary, objects);
      const scrapeSeconds = known ?? Math.min(defaultScrapeSeconds, windowSeconds / 2);
      const visible = visibility({ scrapeSeconds, windowSeconds }, fault, limit);
      const { worst: byChecks } = rollbackByChecks({ intervalSeconds, threshold }, visible);
      const alert = alertBehindHook(canary, objects);
      const byAlert =
        alert === undefined
          ? Number.POSITIVE_INFINITY
          : rollbackByAlert(
              {
                ...presets.fast,
                intervalSeconds,
                alert: { ...presets.fast.alert, ruleEvaluationSeconds: alert.evaluationSeconds },
              },
              visibility(
                { scrapeSeconds, windowSeconds: alert.windowSeconds },
                fault,
                limit * presets.fast.alert.limitFactor,
              ),
            ).worst;
      const worst = Math.min(byChecks, byAlert);
      const budget = readBudget(canary);
      if (worst <= budget) {
        return [];
      }
      const interval = intervalOf({ intervalSeconds });
      const work = byChecks - visible.worst - (threshold + 1) * interval;
      const assumed =
        known === undefined ? ` at a scrape every ${seconds(scrapeSeconds)} s, which no file here says` : '';
      return [
        {
          object: canary,
          path: [...analysisPath(canary), 'threshold'],
          // What is only assumed is no reason to stop.
          level:
            !hasDeclaredBudget(canary) || (known === undefined && worst - scrapeSeconds <= budget)
              ? ('warning' as const)
              : ('error' as const),
          message: `a release that fails ${percent(fault)} of its requests is back after ${seconds(byChecks)} s at worst${assumed}: V + (T + 1)·I + w = ${seconds(visible.worst)} + ${threshold + 1}·${interval} + ${seconds(work)}${Number.isFinite(byAlert) ? `, and by the alert behind its hook after ${seconds(byAlert)} s` : ''}. The budget is ${budget} s: check more often (interval), or give up sooner (threshold)`,
        },
      ];
    }),
};

function seconds(value: number): number {
  return Number(value.toFixed(1));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

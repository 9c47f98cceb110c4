import {
  presets,
  referenceFault,
  renderEquation,
  renderSeconds,
  rollbackByAlert,
  rollbackByChecks,
  visibility,
} from '../../../lib/rollout';
import {
  analysisPath,
  assumedScrapeSeconds,
  findCanaries,
  hasDeclaredBudget,
  movesTrafficAfterChecks,
  readBudget,
  readMetrics,
  readScrapeSeconds,
  readTimes,
} from '../manifests/canaries';
import { readErrorLimit } from '../manifests/error-limit';
import type { LocatedObject } from '../manifests/objects';
import { findAlertBehindHook } from '../manifests/rollback-alerts';
import type { Finding, Rule } from '../rule';

export const rollbackOverBudget: Rule = {
  id: 'PD001',
  title: 'A bad release is rolled back within its budget',
  why: 'Window, interval and threshold decide how long a bad release reaches users: at worst V + (T + 1)·I + w, where V = W·limit/fault + scrape interval, the fault is five times the limit, and w is the check overhead. An alert behind a rollback hook may be faster. The annotation `bowline.dev/rollback-budget` declares the budget; without it, exceeding three minutes is a warning. Blue-green is not checked, because users reach a release only after its checks.',
  level: 'error',
  computesFrom: 'spec.analysis',
  check: (objects) => findCanaries(objects).flatMap((canary) => checkCanary(canary, objects)),
};

function checkCanary(canary: LocatedObject, objects: readonly LocatedObject[]): readonly Finding[] {
  if (readMetrics(canary).length === 0 || movesTrafficAfterChecks(canary)) {
    return [];
  }
  const { windowSeconds, intervalSeconds, threshold } = readTimes(canary);
  const limit = readErrorLimit(canary, objects);
  const fault = referenceFault(limit);
  const knownScrapeSeconds = readScrapeSeconds(canary, objects);
  const scrapeSeconds = knownScrapeSeconds ?? assumedScrapeSeconds(windowSeconds);
  const visible = visibility({ scrapeSeconds, windowSeconds }, fault, limit);
  const byChecks = rollbackByChecks({ intervalSeconds, threshold }, visible);
  const byAlertSeconds = rollbackSecondsByAlert({ canary, objects, scrapeSeconds, intervalSeconds, fault, limit });
  const worst = Math.min(byChecks.worst, byAlertSeconds);
  const budget = readBudget(canary);
  if (worst <= budget) {
    return [];
  }
  const dependsOnAssumption = knownScrapeSeconds === undefined && worst - scrapeSeconds <= budget;
  const assumption =
    knownScrapeSeconds === undefined
      ? `, assuming a scrape every ${renderSeconds(scrapeSeconds)}, which no file here states`
      : '';
  const alert = Number.isFinite(byAlertSeconds)
    ? ` The alert behind its rollback hook takes up to ${renderSeconds(byAlertSeconds)}.`
    : '';
  return [
    {
      object: canary,
      path: [...analysisPath(canary), 'threshold'],
      level: hasDeclaredBudget(canary) && !dependsOnAssumption ? 'error' : 'warning',
      message: `a release that fails ${percent(fault)} of its requests is rolled back within ${renderSeconds(byChecks.worst)}${assumption}: ${renderEquation(byChecks.term)}.${alert} The budget is ${budget} s. Shorten the interval or lower the threshold`,
    },
  ];
}

function rollbackSecondsByAlert({
  canary,
  objects,
  scrapeSeconds,
  intervalSeconds,
  fault,
  limit,
}: {
  readonly canary: LocatedObject;
  readonly objects: readonly LocatedObject[];
  readonly scrapeSeconds: number;
  readonly intervalSeconds: number;
  readonly fault: number;
  readonly limit: number;
}): number {
  const alert = findAlertBehindHook(canary, objects);
  if (alert === undefined) {
    return Number.POSITIVE_INFINITY;
  }
  const rule = { ...presets.fast.alert, ruleEvaluationSeconds: alert.evaluationSeconds };
  const visible = visibility({ scrapeSeconds, windowSeconds: alert.windowSeconds }, fault, limit * rule.limitFactor);
  return rollbackByAlert({ ...presets.fast, intervalSeconds, alert: rule }, visible).worst;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

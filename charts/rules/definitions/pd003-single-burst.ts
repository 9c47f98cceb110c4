import { falseRollback, falseRollbackBound, intervalOf, presets } from '../../../lib/rollout';
import {
  analysisPath,
  canaries,
  defaultScrapeSeconds,
  movesTrafficAfterChecks,
  readBudget,
  readMetrics,
  readRequestsPerSecond,
  readScrapeSeconds,
  readTimes,
} from '../manifests/canaries';
import { readErrorLimit } from '../manifests/error-limit';
import type { LocatedObject } from '../manifests/objects';
import type { Rule } from '../rule';

export const singleBurst: Rule = {
  id: 'PD003',
  title: 'Noise does not roll back',
  why: `A burst of a second stays in the window W and fails ceil(W / I) checks; failed checks are counted over the whole rollout and never forgiven. Where traffic is known (\`bowline.dev/requests-per-second\`), the chance that a healthy release is rolled back may be ${falseRollbackBound * 100} % at most.`,
  level: 'warning',
  check: (objects) =>
    canaries(objects)
      .filter((canary) => readMetrics(canary).length > 0)
      .flatMap((canary) => {
        const path = [...analysisPath(canary), 'threshold'];
        const { windowSeconds, threshold, ...times } = readTimes(canary);
        const interval = intervalOf(times);
        const failed = Math.ceil(windowSeconds / interval);
        if (threshold <= failed) {
          return [
            {
              object: canary,
              path,
              message: `one burst fails ceil(${windowSeconds} / ${interval}) = ${failed} checks, and ${threshold} roll back: threshold ${failed + 1}, or a shorter window`,
            },
          ];
        }
        const chance = chanceOfNoise(canary, objects);
        return chance <= falseRollbackBound
          ? []
          : [
              {
                object: canary,
                path,
                message: `of healthy releases ${Number((chance * 100).toPrecision(2))} % would be rolled back by noise at this traffic: fewer or larger steps, a longer window, or a higher threshold`,
              },
            ];
      }),
};

function chanceOfNoise(canary: LocatedObject, objects: readonly LocatedObject[]): number {
  const requestsPerSecond = readRequestsPerSecond(canary);
  const times = readTimes(canary);
  if (requestsPerSecond === undefined || times.steps.length === 0 || movesTrafficAfterChecks(canary)) {
    return 0;
  }
  return falseRollback(
    {
      ...presets.fast,
      ...times,
      strategy: 'canary',
      scrapeSeconds: readScrapeSeconds(canary, objects) ?? Math.min(defaultScrapeSeconds, times.windowSeconds / 2),
    },
    {
      requestsPerSecond,
      errorRateLimit: readErrorLimit(canary, objects),
      p99LimitSeconds: 0.5,
      rollbackBudgetSeconds: readBudget(canary),
    },
  );
}

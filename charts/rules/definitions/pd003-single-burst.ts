import { falseRollbackBound, falseRollbackProbability, intervalOf, presets } from '../../../lib/rollout';
import {
  analysisPath,
  assumedScrapeSeconds,
  findCanaries,
  movesTrafficAfterChecks,
  readBudget,
  readMetrics,
  readRequestsPerSecond,
  readScrapeSeconds,
  readTimes,
} from '../manifests/canaries';
import { readErrorLimit } from '../manifests/error-limit';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const singleBurst: Rule = {
  id: 'PD003',
  title: 'A healthy release is not rolled back by chance',
  why: `A burst of one second stays in the window W and fails ceil(W / I) checks, and failed checks add up over the whole rollout. If the annotation \`bowline.dev/requests-per-second\` declares the traffic, the probability of a false rollback must be at most ${falseRollbackBound * 100} %.`,
  level: 'warning',
  computesFrom: 'spec.analysis',
  check: (objects) =>
    findCanaries(objects)
      .filter((canary) => readMetrics(canary).length > 0)
      .flatMap((canary) => checkCanary(canary, objects)),
};

function checkCanary(canary: LocatedObject, objects: readonly LocatedObject[]): readonly Finding[] {
  const path = [...analysisPath(canary), 'threshold'];
  const { windowSeconds, intervalSeconds, threshold } = readTimes(canary);
  const interval = intervalOf({ intervalSeconds });
  const checksOfOneBurst = Math.ceil(windowSeconds / interval);
  if (threshold <= checksOfOneBurst) {
    return [
      {
        object: canary,
        path,
        message: `a single burst fails ceil(W / I) = ceil(${windowSeconds} / ${interval}) = ${checksOfOneBurst} checks, and ${threshold} failed checks roll back: raise the threshold to ${checksOfOneBurst + 1}, or shorten the window`,
      },
    ];
  }
  const probability = falseRollback(canary, objects);
  return probability <= falseRollbackBound
    ? []
    : [
        {
          object: canary,
          path,
          message: `the probability of a false rollback is ${Number((probability * 100).toPrecision(2))} % at this traffic: use fewer or larger steps, a longer window, or a higher threshold`,
        },
      ];
}

/** The probability of a false rollback; 0 where the traffic is unknown, or no weights are set. */
function falseRollback(canary: LocatedObject, objects: readonly LocatedObject[]): number {
  const requestsPerSecond = readRequestsPerSecond(canary);
  const times = readTimes(canary);
  if (requestsPerSecond === undefined || times.steps.length === 0 || movesTrafficAfterChecks(canary)) {
    return 0;
  }
  return falseRollbackProbability(
    {
      ...presets.fast,
      ...times,
      strategy: 'canary',
      scrapeSeconds: readScrapeSeconds(canary, objects) ?? assumedScrapeSeconds(times.windowSeconds),
    },
    {
      requestsPerSecond,
      errorRateLimit: readErrorLimit(canary, objects),
      p99LimitSeconds: 0.5,
      rollbackBudgetSeconds: readBudget(canary),
    },
  );
}

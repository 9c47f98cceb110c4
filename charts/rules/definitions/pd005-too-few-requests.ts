import { percentileSamples } from '../../../lib/rollout';
import {
  analysisPath,
  findCanaries,
  movesTrafficAfterChecks,
  readRequestsPerSecond,
  readTimes,
} from '../manifests/canaries';
import type { Rule } from '../rule';

export const tooFewRequests: Rule = {
  id: 'PD005',
  title: 'The canary gets enough requests for its checks',
  why: `With fewer than ${percentileSamples} requests, the slowest few decide a 99th percentile. The annotation \`bowline.dev/requests-per-second\` declares the traffic; without it this rule checks nothing.`,
  level: 'error',
  computesFrom: 'spec.analysis',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const requestsPerSecond = readRequestsPerSecond(canary);
      const { steps, windowSeconds } = readTimes(canary);
      const largestWeight = Math.max(0, ...steps);
      if (requestsPerSecond === undefined || largestWeight === 0 || movesTrafficAfterChecks(canary)) {
        return [];
      }
      const samples = (requestsPerSecond * largestWeight * windowSeconds) / 100;
      return samples >= percentileSamples
        ? []
        : [
            {
              object: canary,
              path: [...analysisPath(canary), 'stepWeights'],
              message: `${requestsPerSecond} requests per second at ${largestWeight} % over ${windowSeconds} s are ${Number(samples.toFixed(1))} requests, and the p99 needs ${percentileSamples}: use a larger weight, a longer window, or blue-green with generated requests`,
            },
          ];
    }),
};

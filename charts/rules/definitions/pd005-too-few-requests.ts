import { percentileSamples } from '../../../lib/rollout';
import {
  analysisPath,
  canaries,
  movesTrafficAfterChecks,
  readRequestsPerSecond,
  readTimes,
} from '../manifests/canaries';
import type { Rule } from '../rule';

export const tooFewRequests: Rule = {
  id: 'PD005',
  title: 'The canary gets enough requests to be judged',
  why: `A 99th percentile of fewer than ${percentileSamples} requests is decided by the slowest few. Traffic is the annotation \`bowline.dev/requests-per-second\`; without it nothing is said.`,
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const traffic = readRequestsPerSecond(canary);
      const { steps, windowSeconds } = readTimes(canary);
      const largest = Math.max(0, ...steps);
      const samples = ((traffic ?? 0) * largest * windowSeconds) / 100;
      return traffic !== undefined && largest > 0 && samples < percentileSamples && !movesTrafficAfterChecks(canary)
        ? [
            {
              object: canary,
              path: [...analysisPath(canary), 'stepWeights'],
              message: `${traffic} requests a second at ${largest} % over ${windowSeconds} s are ${Number(samples.toFixed(1))} requests, and it takes ${percentileSamples}: a larger weight, a longer window, or blue-green with generated requests`,
            },
          ]
        : [];
    }),
};

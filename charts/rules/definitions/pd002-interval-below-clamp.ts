import { shortestIntervalSeconds } from '../../../lib/rollout';
import { analysisPath, findCanaries } from '../manifests/canaries';
import { parseSeconds } from '../manifests/duration';
import type { Rule } from '../rule';

export const intervalBelowClamp: Rule = {
  id: 'PD002',
  title: 'Checks are at least 10 seconds apart',
  why: 'Flagger silently raises a shorter interval to 10 s (pkg/apis/flagger/v1beta1/canary.go, GetAnalysisInterval), so every time that is computed from the shorter one is wrong.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const path = [...analysisPath(canary), 'interval'];
      const interval = canary.get(...path);
      const seconds = parseSeconds(interval);
      return seconds !== undefined && seconds < shortestIntervalSeconds
        ? [
            {
              object: canary,
              path,
              message: `Flagger raises the interval ${String(interval)} to ${shortestIntervalSeconds}s: set it to ${shortestIntervalSeconds}s or more`,
            },
          ]
        : [];
    }),
};

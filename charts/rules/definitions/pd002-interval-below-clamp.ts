import { analysisPath, canaries, parseSeconds } from '../manifests/canaries';
import type { Rule } from '../rule';

export const intervalBelowClamp: Rule = {
  id: 'PD002',
  title: 'Checks are at least 10 seconds apart',
  why: 'Flagger makes a shorter interval 10 s without a word (pkg/apis/flagger/v1beta1/canary.go, GetAnalysisInterval), so that every time computed from it is wrong.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const path = [...analysisPath(canary), 'interval'];
      const written = canary.get(...path);
      const seconds = parseSeconds(written);
      return seconds !== undefined && seconds < 10
        ? [{ object: canary, path, message: `interval ${String(written)} becomes 10s: say 10s` }]
        : [];
    }),
};

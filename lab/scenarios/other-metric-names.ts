import { isFailed } from '../observe/responses';
import { runBadRelease } from './bad-releases';
import { runPromotion } from './good-release';
import type { Scenario } from './scenario';

export const goodPodinfo: Scenario = {
  number: 11,
  name: 'podinfo',
  title: 'podinfo, with the names of its own metrics (label status), is promoted',
  service: 'podinfo',
  run: async (context) => {
    await runPromotion(context);
  },
};

export const badPodinfo: Scenario = {
  number: 12,
  name: 'podinfo errors',
  title: 'A release of podinfo that fails 5 % of its requests is rolled back, judged by the label status',
  service: 'podinfo',
  run: (context) =>
    runBadRelease(context, {
      hello: { version: '2.0.0-errors', fault: { errorRate: 0.05 } },
      fault: 'errors-from-start',
      isBad: isFailed,
      reachesUsers: true,
      losesNoRequest: true,
      alert: 'CanaryErrors',
    }),
};

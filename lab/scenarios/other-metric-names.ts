import { runFailingRelease } from './bad-releases';
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
  run: runFailingRelease,
};

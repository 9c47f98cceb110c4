import { crashLoop, errors, neverReady, slow } from './bad-releases';
import { flaggerRestarted, prometheusDown } from './disturbances';
import { firstRelease } from './first-release';
import { goodRelease } from './good-release';
import { refused } from './policy-violations';
import { goingBack } from './rollback';
import type { Scenario } from './scenario';

export type { Scenario } from './scenario';

/** All of them, in the order in which they are played. */
export const scenarios: readonly Scenario[] = [
  firstRelease,
  goodRelease,
  errors,
  slow,
  crashLoop,
  neverReady,
  prometheusDown,
  flaggerRestarted,
  refused,
  goingBack,
];

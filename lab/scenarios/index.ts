import { crashLoop, errors, neverReady, slow } from './bad-releases';
import { flaggerRestarted, prometheusDown } from './disturbances';
import { firstRelease } from './first-release';
import { goodRelease } from './good-release';
import { policyViolations } from './policy-violations';
import { rollbackScenario } from './rollback';
import type { Scenario } from './scenario';

export type { Scenario } from './scenario';

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  firstRelease,
  goodRelease,
  errors,
  slow,
  crashLoop,
  neverReady,
  prometheusDown,
  flaggerRestarted,
  policyViolations,
  rollbackScenario,
];

import { crashLoop, errors, neverReady, slow } from './bad-releases';
import { flaggerRestarted, prometheusDown } from './disturbances';
import { firstRelease } from './first-release';
import { goodRelease } from './good-release';
import { badPodinfo, goodPodinfo } from './other-metric-names';
import { policyViolations } from './policy-violations';
import { rollbackScenario } from './rollback';
import type { Scenario } from './scenario';

export type { Scenario } from './scenario';

/** The scenarios that run by default, in their order. */
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

/** Scenarios that run by their number only: they build a public service, whose modules they download. */
export const scenariosOfPublicServices: readonly Scenario[] = [goodPodinfo, badPodinfo];

import { rollbackOverBudget } from './definitions/pd001-rollback-over-budget';
import { intervalBelowClamp } from './definitions/pd002-interval-below-clamp';
import { singleBurst } from './definitions/pd003-single-burst';
import { windowAndScrape } from './definitions/pd004-window-and-scrape';
import { tooFewRequests } from './definitions/pd005-too-few-requests';
import { metricWithoutWindow } from './definitions/pd006-metric-without-window';
import { builtInMetric } from './definitions/pd007-built-in-metric';
import { unsafeQuery } from './definitions/pd008-unsafe-query';
import { contestedTarget } from './definitions/pd009-contested-target';
import { deadlineOverBudget } from './definitions/pd010-deadline-over-budget';
import { rollbackWebhookNotifies } from './definitions/pd011-rollback-webhook-notifies';
import { sessionAffinity } from './definitions/pd012-session-affinity';
import { deletionLosesService } from './definitions/pd013-deletion-loses-service';
import { unstableTemplate } from './definitions/pd014-unstable-template';
import { applicationOptions } from './definitions/pd015-application-options';
import { unverifiableSignature } from './definitions/pd016-unverifiable-signature';
import { slowRollbackAlert } from './definitions/pd017-slow-rollback-alert';
import { schemaMismatch } from './definitions/pd018-schema-mismatch';
import { unjudgedRelease } from './definitions/pd019-unjudged-release';
import { competingCanaries } from './definitions/pd020-competing-canaries';
import { valueOutOfRange } from './definitions/pd021-value-out-of-range';
import type { Rule } from './rule';

/** The rules of progressive delivery, in the order of their ids. */
export const rules: readonly Rule[] = [
  rollbackOverBudget,
  intervalBelowClamp,
  singleBurst,
  windowAndScrape,
  tooFewRequests,
  metricWithoutWindow,
  builtInMetric,
  unsafeQuery,
  contestedTarget,
  deadlineOverBudget,
  rollbackWebhookNotifies,
  sessionAffinity,
  deletionLosesService,
  unstableTemplate,
  applicationOptions,
  unverifiableSignature,
  slowRollbackAlert,
  schemaMismatch,
  unjudgedRelease,
  competingCanaries,
  valueOutOfRange,
];

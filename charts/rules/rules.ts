import { rollbackOverBudget } from './pd001-rollback-over-budget';
import { intervalBelowClamp } from './pd002-interval-below-clamp';
import { singleBurst } from './pd003-single-burst';
import { windowAndScrape } from './pd004-window-and-scrape';
import { tooFewRequests } from './pd005-too-few-requests';
import { metricWithoutWindow } from './pd006-metric-without-window';
import { builtInMetric } from './pd007-built-in-metric';
import { unsafeQuery } from './pd008-unsafe-query';
import { contestedTarget } from './pd009-contested-target';
import { deadlineOverBudget } from './pd010-deadline-over-budget';
import { rollbackWebhookNotifies } from './pd011-rollback-webhook-notifies';
import { sessionAffinity } from './pd012-session-affinity';
import { deletionLosesService } from './pd013-deletion-loses-service';
import { unstableTemplate } from './pd014-unstable-template';
import { applicationOptions } from './pd015-application-options';
import { unverifiableSignature } from './pd016-unverifiable-signature';
import { slowRollbackAlert } from './pd017-slow-rollback-alert';
import type { Rule } from './rule';

/** The rules of progressive delivery, by id. */
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
];

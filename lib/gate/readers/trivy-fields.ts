import { z } from 'zod';
import type { Observation } from '../observation';

/** Findings that an ignore file, a policy or a VEX document changed (pkg/types/report.go). */
export const modifiedFindingsSchema = z
  .array(z.looseObject({ Status: z.string().optional(), Source: z.string().optional() }))
  .nullish();

/** The severities that trivy knows; any other is unknown. */
export const severityOf: Readonly<Record<string, Observation['severity']>> = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};

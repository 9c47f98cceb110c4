import { z } from 'zod';
import { equivalentIds } from '../advisory-ids';
import type { Observation } from '../observation';
import { inconclusiveReport, type ScanReport } from '../scan-report';
import { listPaths } from './list-paths';

/** Findings that an ignore file, a policy or a VEX document changed (pkg/types/report.go). */
export const modifiedFindingsSchema = z
  .array(z.looseObject({ Status: z.string().optional(), Source: z.string().optional() }))
  .nullish();

/** A package that trivy looked up. */
export const packageSchema = z.looseObject({
  Name: z.string(),
  Identifier: z.looseObject({ PURL: z.string().optional() }).nullish(),
});

/** A vulnerability in a package. */
export const vulnerabilitySchema = z.looseObject({
  VulnerabilityID: z.string().min(1),
  VendorIDs: z.array(z.string()).nullish(),
  PkgName: z.string(),
  InstalledVersion: z.string().default(''),
  FixedVersion: z.string().optional(),
  Severity: z.string().optional(),
});

export function observationOf(found: z.output<typeof vulnerabilitySchema>): Observation {
  return {
    id: found.VulnerabilityID,
    aliases: equivalentIds(found.VulnerabilityID, found.VendorIDs ?? []),
    package: found.PkgName,
    version: found.InstalledVersion,
    severity: severityOf[found.Severity ?? ''] ?? 'unknown',
    fixedIn: found.FixedVersion || undefined,
    source: 'trivy',
    reachable: false,
  };
}

/** The findings that something suppressed, as a report that cannot be used. Undefined if there are none. */
export function suppressedFindings(
  results: readonly { readonly ExperimentalModifiedFindings?: z.output<typeof modifiedFindingsSchema> }[],
): ScanReport | undefined {
  const modified = results.flatMap(({ ExperimentalModifiedFindings }) => ExperimentalModifiedFindings ?? []);
  return modified.length === 0
    ? undefined
    : inconclusiveReport(
        'trivy',
        'ignored-findings',
        `expected no suppressed finding in the report of trivy, found ${modified.length} by ${listPaths([...new Set(modified.map(({ Source }) => Source ?? 'an unknown source'))])}: accept risks in accepted-risks.yaml only`,
      );
}

/** The severities that trivy knows; any other is unknown. */
export const severityOf: Readonly<Record<string, Observation['severity']>> = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};

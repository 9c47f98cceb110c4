import { z } from 'zod';
import { equivalentIds } from '../advisory-ids';
import type { Observation } from '../observation';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { parseReport } from './report-document';

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  negligible: 'negligible',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

const reportSchema = z.looseObject({
  matches: z.array(
    z.looseObject({
      vulnerability: z.looseObject({
        id: z.string(),
        severity: z.string().optional(),
        fix: z.looseObject({ versions: z.array(z.string()).nullish(), state: z.string().optional() }).optional(),
      }),
      relatedVulnerabilities: z.array(z.looseObject({ id: z.string() })).nullish(),
      artifact: z.looseObject({ name: z.string(), version: z.string() }),
    }),
  ),
  descriptor: z.looseObject({
    name: z.literal('grype'),
    db: z.looseObject({ status: z.looseObject({ built: z.string(), valid: z.boolean() }) }),
  }),
});

/**
 * Reads the output of `grype -o json`. Bowline does not use `--fail-on`, which skips matches without metadata and never counts unknown
 * severities (anchore/grype `grype/vulnerability_matcher.go`).
 */
export function readGrypeReport(text: string): ScanReport {
  return readReport('grype', text, (json) => {
    const { matches, descriptor } = parseReport(reportSchema, json);
    if (!descriptor.db.status.valid) {
      return inconclusiveReport(
        'grype',
        'invalid-database',
        `expected a valid database of grype, found the one from ${descriptor.db.status.built}, which grype reports as invalid`,
      );
    }
    return {
      ok: true,
      scanner: 'grype',
      database: { builtAt: descriptor.db.status.built },
      observations: matches.map(({ vulnerability, relatedVulnerabilities, artifact }) => {
        const [fixedIn] = vulnerability.fix?.versions ?? [];
        return {
          id: vulnerability.id,
          aliases: equivalentIds(
            vulnerability.id,
            (relatedVulnerabilities ?? []).map(({ id }) => id),
          ),
          package: artifact.name,
          version: artifact.version,
          severity: severityOf[(vulnerability.severity ?? '').toLowerCase()] ?? 'unknown',
          fixedIn,
          source: 'grype' as const,
          reachable: false,
        };
      }),
    };
  });
}

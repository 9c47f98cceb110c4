import { z } from 'zod';
import { placeOf } from './configuration';
import { type Observation, readReport, type ScanReport, unreliableReport } from './observation';
import { listPaths, parseReport } from './report-document';

const misconfigurationSchema = z.looseObject({
  ID: z.string().min(1),
  Title: z.string(),
  Message: z.string().default(''),
  Severity: z.string().optional(),
  Status: z.string(),
});

const reportSchema = z.looseObject({
  SchemaVersion: z.literal(2),
  Results: z
    .array(
      z.looseObject({
        Target: z.string(),
        MisconfSummary: z.looseObject({ Successes: z.int(), Failures: z.int() }).optional(),
        Misconfigurations: z.array(misconfigurationSchema).nullish(),
      }),
    )
    .nullish(),
});

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};

/**
 * Reads `trivy config --format json`, which ends well also where it took a file for none of its kinds.
 * @param files paths that were given to it: it has to have checked every one
 */
export function readTrivyConfigReport(text: string, files: readonly string[]): ScanReport {
  return readReport('trivy-config', text, (json) => {
    const results = parseReport(reportSchema, json).Results ?? [];
    const checked = results.filter(
      ({ MisconfSummary }) => MisconfSummary !== undefined && MisconfSummary.Successes + MisconfSummary.Failures > 0,
    );
    const unseen = files.filter((file) => !checked.some(({ Target }) => Target === file));
    if (files.length === 0 || unseen.length > 0) {
      return unreliableReport(
        'trivy-config',
        'vacuous-report',
        files.length === 0
          ? 'expected a file for trivy to check, found none'
          : `expected a check of every file by trivy, found none of ${listPaths(unseen)}`,
      );
    }
    return {
      ok: true,
      scanner: 'trivy-config',
      observations: results.flatMap(({ Target, Misconfigurations }) => {
        const place = placeOf(Target);
        return (Misconfigurations ?? [])
          .filter(({ Status }) => Status !== 'PASS')
          .map((found) => ({
            id: found.ID,
            aliases: [],
            package: place.package,
            path: Target,
            version: place.environment ?? '',
            title: found.Message === '' ? found.Title : found.Message,
            severity: severityOf[found.Severity ?? ''] ?? 'unknown',
            source: 'trivy-config' as const,
            reachable: false,
          }));
      }),
    };
  });
}

import { z } from 'zod';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { placeOf } from './configuration-place';
import { listPaths } from './list-paths';
import { parseReport } from './report-document';
import { modifiedFindingsSchema, severityOf } from './trivy-fields';

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
        ExperimentalModifiedFindings: modifiedFindingsSchema,
      }),
    )
    .nullish(),
});

/**
 * Reads the output of `trivy config --format json`. trivy exits with 0 even if it ignored a file.
 * @param files paths of all files: trivy must have checked every one
 */
export function readTrivyConfigReport(text: string, files: readonly string[]): ScanReport {
  return readReport('trivy-config', text, (json) => {
    const results = parseReport(reportSchema, json).Results ?? [];
    const checked = results.filter(
      ({ MisconfSummary }) => MisconfSummary !== undefined && MisconfSummary.Successes + MisconfSummary.Failures > 0,
    );
    const unchecked = files.filter((file) => !checked.some(({ Target }) => Target === file));
    if (files.length === 0 || unchecked.length > 0) {
      return inconclusiveReport(
        'trivy-config',
        'vacuous-report',
        files.length === 0
          ? 'expected a file for trivy to check, found none'
          : `expected trivy to check every file, found no check of ${listPaths(unchecked)}`,
      );
    }
    const modified = results.filter(
      ({ ExperimentalModifiedFindings }) => (ExperimentalModifiedFindings ?? []).length > 0,
    );
    if (modified.length > 0) {
      return inconclusiveReport(
        'trivy-config',
        'skipped-checks',
        `expected no suppressed finding of trivy, found some in ${listPaths(modified.map(({ Target }) => Target))}: accept risks in accepted-risks.yaml only`,
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

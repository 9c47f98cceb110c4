import { z } from 'zod';
import { placeOf } from './configuration';
import { type Observation, readReport, type ScanReport, unreliableReport } from './observation';

const checkSchema = z.looseObject({
  check_id: z.string().min(1),
  check_name: z.string(),
  file_path: z.string(),
  resource: z.string(),
  severity: z.string().nullish(),
});

const frameworkSchema = z.looseObject({
  check_type: z.string(),
  results: z.looseObject({ failed_checks: z.array(checkSchema) }),
  summary: z.looseObject({
    passed: z.int(),
    failed: z.int(),
    skipped: z.int(),
    parsing_errors: z.int(),
  }),
});

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/**
 * Reads `checkov --quiet --output json`: one object, or one for each framework. Without an account of its vendor checkov knows no severities,
 * so that a finding counts as the policy's `unknown`.
 * @param frameworks that have to have checked something, such as `kubernetes`
 */
export function readCheckovReport(text: string, frameworks: readonly string[]): ScanReport {
  return readReport('checkov', text, (json) => {
    const answer: unknown = JSON.parse(json);
    const reports = z.array(frameworkSchema).parse(Array.isArray(answer) ? answer : [answer]);
    for (const framework of frameworks) {
      const report = reports.find(({ check_type }) => check_type === framework);
      if (!report || report.summary.passed + report.summary.failed === 0) {
        return unreliableReport('checkov', 'vacuous-report', `checkov checked nothing of ${framework}`);
      }
    }
    for (const { check_type, summary, results } of reports) {
      if (summary.parsing_errors > 0) {
        return unreliableReport(
          'checkov',
          'unread-files',
          `checkov could not read ${summary.parsing_errors} files of ${check_type}`,
        );
      }
      if (summary.skipped > 0) {
        return unreliableReport(
          'checkov',
          'told-to-skip',
          `${summary.skipped} checks of ${check_type} were skipped by what was checked: risks are accepted in accepted-risks.yaml alone`,
        );
      }
      if (results.failed_checks.length !== summary.failed) {
        return unreliableReport('checkov', 'unreadable-report', 'the report of checkov does not add up');
      }
    }
    return {
      ok: true,
      scanner: 'checkov',
      observations: reports.flatMap(({ results }) =>
        results.failed_checks.map((found) => {
          const path = found.file_path.replace(/^\//, '');
          const place = placeOf(path);
          const resource = found.resource.replace(/^\/?.*Dockerfile\.?/, '');
          return {
            id: found.check_id,
            aliases: [],
            package: place.package,
            path,
            version: [place.environment, resource].filter((part) => part !== undefined && part !== '').join(': '),
            title: found.check_name,
            severity: severityOf[(found.severity ?? '').toLowerCase()] ?? 'unknown',
            source: 'checkov' as const,
            reachable: false,
          };
        }),
      ),
    };
  });
}

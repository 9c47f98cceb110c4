import { z } from 'zod';
import type { Observation } from '../observation';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import type { CheckovFile, CheckovFramework } from './checkov-input';
import { placeOf } from './configuration-place';
import { listPaths } from './list-paths';
import { parseJson, parseReport, parseShape, ReportError } from './report-document';

const checkSchema = z.looseObject({
  check_id: z.string().min(1),
  check_name: z.string(),
  file_path: z.string(),
  resource: z.string(),
  severity: z.string().nullish(),
});

const countSchema = z.looseObject({
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  parsing_errors: z.int(),
});

const frameworkSchema = z.looseObject({
  check_type: z.string(),
  results: z.looseObject({ failed_checks: z.array(checkSchema) }),
  summary: countSchema,
});

type FrameworkReport = z.output<typeof frameworkSchema>;

/** The inventory of what checkov read, with or without a check for it: `pkg:kubernetes/…/platform/dev/namespaces.yaml/Namespace.default.shop@sha1:…`. */
const inventorySchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.looseObject({ purl: z.string() })).default([]),
});

/** checkov writes this line between two formats on standard output. */
const delimiter = '\n--- OUTPUT DELIMITER ---\n';

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/**
 * Reads the output of `checkov --quiet --output json --output cyclonedx_json`: findings and inventory. If checkov has no check for any kind in
 * the files, the findings are only a count of zero; the inventory shows that checkov read the files.
 * Without an account at its vendor, checkov gives no severities, so a finding has the severity `unknown`.
 * @param files all files: checkov must have read every document, and run at least one check wherever it has one
 */
export function readCheckovReport(text: string, files: readonly CheckovFile[]): ScanReport {
  return readReport('checkov', text, (output) => {
    const [findings, inventory, ...rest] = output.split(delimiter);
    if (findings === undefined || inventory === undefined || rest.join('').trim() !== '') {
      throw new ReportError(
        `expected findings and inventory, found ${rest.length + (inventory === undefined ? 1 : 2)} outputs`,
      );
    }
    const reports = reportsIn(findings);
    const problem =
      unreadFiles(files, parseReport(inventorySchema, inventory).components) ??
      uncheckedFramework(files, reports) ??
      reports.map(problemIn).find((found) => found !== undefined);
    return (
      problem ?? {
        ok: true,
        scanner: 'checkov',
        observations: reports.flatMap(({ results }) => results.failed_checks.map(observationOf)),
      }
    );
  });
}

const zeroCountSchema = z.strictObject({
  passed: z.literal(0),
  failed: z.literal(0),
  skipped: z.literal(0),
  parsing_errors: z.literal(0),
  resource_count: z.literal(0),
  checkov_version: z.string().min(1),
});

/** One object, a list with one per framework, or only a count if checkov ran no check. */
function reportsIn(findings: string): readonly FrameworkReport[] {
  const json = parseJson(findings);
  if (Array.isArray(json)) {
    return parseShape(z.array(frameworkSchema), json);
  }
  if (typeof json === 'object' && json !== null && 'checkov_version' in json) {
    parseShape(zeroCountSchema, json);
    return [];
  }
  return [parseShape(frameworkSchema, json)];
}

function unreadFiles(
  files: readonly CheckovFile[],
  components: readonly { readonly purl: string }[],
): ScanReport | undefined {
  if (files.length === 0) {
    return inconclusiveReport('checkov', 'vacuous-report', 'expected a file for checkov to check, found none');
  }
  // checkov writes its input folder before the path.
  const read = new Set(
    components.map(({ purl }) => decodeURIComponent(purl).replace(/^pkg:(\w+)\/[^/]+\/[^/]+\//, '$1:')),
  );
  const unread = files.filter((file) => !wasRead(file, read)).map(({ path }) => path);
  return unread.length === 0
    ? undefined
    : inconclusiveReport(
        'checkov',
        'unread-files',
        `expected every document of every file in the inventory of checkov, found it incomplete for ${listPaths(unread)}`,
      );
}

function wasRead({ path, framework, sha1, resources }: CheckovFile, read: ReadonlySet<string>): boolean {
  const name = (resource: string) => `${framework}:${path}/${resource}@sha1:${sha1}`;
  if (framework === 'dockerfile') {
    // The resources of a Dockerfile are its instructions, and every Dockerfile has FROM.
    return ['Dockerfile.', 'Dockerfile.FROM'].some((resource) => read.has(name(resource)));
  }
  return resources.length > 0 && resources.every((resource) => read.has(name(resource)));
}

/** No check is fine for kinds without checks. For kinds that checkov has checks for, it means that checkov did not check them. */
function uncheckedFramework(
  files: readonly CheckovFile[],
  reports: readonly FrameworkReport[],
): ScanReport | undefined {
  for (const framework of ['dockerfile', 'kubernetes'] as const satisfies readonly CheckovFramework[]) {
    const withChecks = files.filter((file) => file.framework === framework && file.hasChecks);
    const summary = reports.find(({ check_type }) => check_type === framework)?.summary;
    if (withChecks.length > 0 && (summary === undefined || summary.passed + summary.failed === 0)) {
      return inconclusiveReport(
        'checkov',
        'vacuous-report',
        `expected checkov to run checks of ${framework}, found none: it has checks for ${listPaths(withChecks.map(({ path }) => path))}`,
      );
    }
  }
  return undefined;
}

function problemIn({ check_type, summary, results }: FrameworkReport): ScanReport | undefined {
  if (summary.parsing_errors > 0) {
    return inconclusiveReport(
      'checkov',
      'unread-files',
      `expected no file of ${check_type} that checkov cannot read, found ${summary.parsing_errors}`,
    );
  }
  if (summary.skipped > 0) {
    return inconclusiveReport(
      'checkov',
      'skipped-checks',
      `expected no skipped check of ${check_type}, found ${summary.skipped}: accept risks in accepted-risks.yaml only`,
    );
  }
  if (results.failed_checks.length !== summary.failed) {
    throw new ReportError(
      `expected ${summary.failed} failed checks of ${check_type}, as its summary says, found ${results.failed_checks.length}`,
    );
  }
  return undefined;
}

function observationOf(found: z.output<typeof checkSchema>): Observation {
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
    source: 'checkov',
    reachable: false,
  };
}

import { z } from 'zod';
import type { CheckovFile, CheckovFramework } from './checkov-input';
import { placeOf } from './configuration';
import { type Observation, readReport, type ScanReport, unreliableReport } from './observation';
import { listPaths, parseJson, parseReport, parseShape, ReportError } from './report-document';

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

/** What checkov read, with or without a check for it: `pkg:kubernetes/…/platform/dev/namespaces.yaml/Namespace.default.shop@sha1:…`. */
const inventorySchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(z.looseObject({ purl: z.string() })).default([]),
});

/** What it writes between two formats on standard output. */
const delimiter = '\n--- OUTPUT DELIMITER ---\n';

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

/**
 * Reads `checkov --quiet --output json --output cyclonedx_json`: what it found, and what it read. Where it has no check for any kind in the
 * files, the first is a plain count; only the second tells that from a checkov that read nothing.
 * Without an account of its vendor checkov knows no severities, so that a finding counts as the policy's `unknown`.
 * @param files that were given to it: it has to have read every document, and checked something wherever it has checks
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
    const trouble =
      unreadFiles(files, parseReport(inventorySchema, inventory).components) ??
      uncheckedFramework(files, reports) ??
      reports.map(troubleIn).find((found) => found !== undefined);
    return (
      trouble ?? {
        ok: true,
        scanner: 'checkov',
        observations: reports.flatMap(({ results }) => results.failed_checks.map(observationOf)),
      }
    );
  });
}

const plainCountSchema = z.strictObject({
  passed: z.literal(0),
  failed: z.literal(0),
  skipped: z.literal(0),
  parsing_errors: z.literal(0),
  resource_count: z.literal(0),
  checkov_version: z.string().min(1),
});

/** One object, one for each framework, or a plain count where no check was made. */
function reportsIn(findings: string): readonly FrameworkReport[] {
  const json = parseJson(findings);
  if (Array.isArray(json)) {
    return parseShape(z.array(frameworkSchema), json);
  }
  if (typeof json === 'object' && json !== null && 'checkov_version' in json) {
    parseShape(plainCountSchema, json);
    return [];
  }
  return [parseShape(frameworkSchema, json)];
}

function unreadFiles(
  files: readonly CheckovFile[],
  components: readonly { readonly purl: string }[],
): ScanReport | undefined {
  if (files.length === 0) {
    return unreliableReport('checkov', 'vacuous-report', 'expected a file for checkov to check, found none');
  }
  // checkov puts the folder that it was given before the path.
  const read = new Set(
    components.map(({ purl }) => decodeURIComponent(purl).replace(/^pkg:(\w+)\/[^/]+\/[^/]+\//, '$1:')),
  );
  const unread = files.filter((file) => !wasRead(file, read)).map(({ path }) => path);
  return unread.length === 0
    ? undefined
    : unreliableReport(
        'checkov',
        'unread-files',
        `expected every document of every file in the inventory of checkov, found it incomplete for ${listPaths(unread)}`,
      );
}

function wasRead({ path, framework, sha1, resources }: CheckovFile, read: ReadonlySet<string>): boolean {
  const name = (resource: string) => `${framework}:${path}/${resource}@sha1:${sha1}`;
  if (framework === 'dockerfile') {
    // Its resources are instructions: FROM is in every Dockerfile.
    return ['Dockerfile.', 'Dockerfile.FROM'].some((resource) => read.has(name(resource)));
  }
  return resources.length > 0 && resources.every((resource) => read.has(name(resource)));
}

/** "No check for these kinds" is an answer, "no check at all" of a kind that checkov has checks for is none. */
function uncheckedFramework(
  files: readonly CheckovFile[],
  reports: readonly FrameworkReport[],
): ScanReport | undefined {
  for (const framework of ['dockerfile', 'kubernetes'] as const satisfies readonly CheckovFramework[]) {
    const withChecks = files.filter((file) => file.framework === framework && file.hasChecks);
    const summary = reports.find(({ check_type }) => check_type === framework)?.summary;
    if (withChecks.length > 0 && (summary === undefined || summary.passed + summary.failed === 0)) {
      return unreliableReport(
        'checkov',
        'vacuous-report',
        `expected checks of ${framework} by checkov, found none: it has some for ${listPaths(withChecks.map(({ path }) => path))}`,
      );
    }
  }
  return undefined;
}

function troubleIn({ check_type, summary, results }: FrameworkReport): ScanReport | undefined {
  if (summary.parsing_errors > 0) {
    return unreliableReport(
      'checkov',
      'unread-files',
      `expected no file of ${check_type} that checkov cannot read, found ${summary.parsing_errors}`,
    );
  }
  if (summary.skipped > 0) {
    return unreliableReport(
      'checkov',
      'told-to-skip',
      `expected no check of ${check_type} to be skipped by what is checked, found ${summary.skipped}: risks are accepted in accepted-risks.yaml alone`,
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

import { platformSchema } from '../../lib/catalog';
import { type Observation, parseCheckovInput, type ScannedArtifact, type ScanReport } from '../../lib/gate';
import { inputOf } from '../../lib/gate/observation';
import type { CheckovFile } from '../../lib/gate/readers/checkov-input';
import type { Digest } from '../../lib/values';

export const image = `sha256:${'a'.repeat(64)}` as Digest;
export const otherImage = `sha256:${'b'.repeat(64)}` as Digest;
export const now = new Date('2026-11-24T12:00:00Z');
/** The default of `findings` in the platform file. */
export const defaultFindings = platformSchema.shape.findings.parse({});
/** A release of one image. */
export const artifacts: readonly ScannedArtifact[] = [{ name: 'linux/amd64', kind: 'image', target: 'linux/amd64' }];
/** The report, as one on the only image. */
export function withSubject(report: ScanReport): ScanReport {
  return inputOf(report.scanner) === 'configuration' ? report : { ...report, subject: 'linux/amd64' };
}
/** A path in the ledger. */
export const deployment = 'manifests/dev/hello/deployment.yaml';

export const observation: Observation = {
  id: 'GHSA-w32m-9786-jp63',
  aliases: ['CVE-2024-45338'],
  package: 'golang.org/x/net',
  version: 'v0.32.0',
  severity: 'high',
  fixedIn: '0.33.0',
  source: 'grype',
  reachable: false,
};

/** What `grype sbom:… -o json` writes, for the SBOM of the image. */
export const grypeOutput = (changes: object = {}, configuration: object = {}) =>
  JSON.stringify({
    matches: [],
    source: { type: 'image', target: { userInput: 'r/acme/hello', manifestDigest: image } },
    descriptor: {
      name: 'grype',
      configuration: {
        ignore: [{ package: { name: 'kernel-headers' } }],
        exclude: [],
        'only-fixed': false,
        'only-notfixed': false,
        'ignore-wontfix': '',
        'vex-documents': [],
        ...configuration,
      },
      db: { status: { built: '2026-11-24T00:00:00Z', valid: true } },
    },
    ...changes,
  });
export const grypeSubject = { kind: 'image', digest: image } as const;

/** The import path of the program in `govulncheckOutput`. */
export const mainPackage = 'example.com/hello/cmd/hello';

/** What `govulncheck -format json` writes. */
export const govulncheckOutput = (more: readonly object[] = [], config: object = {}) =>
  [
    {
      config: {
        scanner_name: 'govulncheck',
        db_last_modified: '2026-11-20T20:00:00Z',
        scan_level: 'symbol',
        scan_mode: 'source',
        ...config,
      },
    },
    { SBOM: { modules: [{ path: 'example.com/hello' }], roots: [mainPackage] } },
    { progress: { message: 'Checking the code against the vulnerabilities...' } },
    ...more,
  ]
    .map((message) => JSON.stringify(message))
    .join('\n');

/** What `trivy config --format json` writes. */
export const trivyConfigOutput = (changes: object = {}, more: readonly object[] = []) =>
  JSON.stringify({
    SchemaVersion: 2,
    Results: [
      {
        Target: deployment,
        Type: 'kubernetes',
        MisconfSummary: { Successes: 99, Failures: 1 },
        Misconfigurations: [
          {
            ID: 'KSV-0017',
            Title: 'Privileged',
            Message: "Container 'hello' is privileged",
            Severity: 'HIGH',
            Status: 'FAIL',
            ...changes,
          },
        ],
      },
      ...more,
    ],
  });

/** A failed check of checkov. */
export const failedCheck = {
  check_id: 'CKV_K8S_16',
  check_name: 'Container should not be privileged',
  file_path: `/${deployment}`,
  resource: 'Deployment.hello.hello',
  severity: null,
};

/** What checkov finds in the files of one framework. */
export const checkovFindings = (
  summary: object = {},
  failed: readonly object[] = [failedCheck],
  type = 'kubernetes',
) => ({
  check_type: type,
  results: { failed_checks: failed },
  summary: { passed: 80, failed: failed.length, skipped: 0, parsing_errors: 0, ...summary },
});

/** A manifest of this kind. */
export const manifest = (kind: string, name = 'hello', namespace?: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: ${JSON.stringify({ name, namespace })}\n`;

/** The parsed input of checkov. */
export function parseFiles(files: Readonly<Record<string, string>>): readonly CheckovFile[] {
  const input = parseCheckovInput(new Map(Object.entries(files)));
  if (!input.ok) {
    throw new Error(input.message);
  }
  return input.files;
}

export const oneDeployment = parseFiles({ [deployment]: manifest('Deployment', 'hello', 'dev') });

/** What checkov 3.3 writes if it ran no check. */
export const checkovZeroCount = {
  passed: 0,
  failed: 0,
  skipped: 0,
  parsing_errors: 0,
  resource_count: 0,
  checkov_version: '3.3.30',
};

/** What `checkov --output json --output cyclonedx_json` writes: findings, and the inventory of these files. */
export function checkovOutput(findings: unknown, files: readonly CheckovFile[]): string {
  const components = files.flatMap(({ path, framework, sha1, resources }) =>
    (framework === 'dockerfile' ? ['Dockerfile.', 'Dockerfile.FROM'] : resources).map((name) => ({
      type: 'application',
      name,
      purl: `pkg:${framework}/cli_repo/files/${path}/${name}@sha1:${sha1}`,
    })),
  );
  const inventory = { bomFormat: 'CycloneDX', specVersion: '1.4', ...(components.length > 0 ? { components } : {}) };
  return `${JSON.stringify(findings, undefined, 4)}\n\n--- OUTPUT DELIMITER ---\n\n${JSON.stringify(inventory)}\n`;
}

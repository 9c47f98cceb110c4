import {
  checkSbom,
  parseCheckovInput,
  readCheckovReport,
  readGovulncheckReport,
  readGrypeReport,
  readTrivyConfigReport,
  readTrivyImageReport,
  type ScanReport,
} from '../../../lib/gate';
import { checkovOutput, checkovZeroCount, grypeSubject, image, mainPackage } from '../report-fixtures';

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const input = parseCheckovInput(new Map([['platform/dev/namespaces.yaml', namespace]]));
const files = input.ok ? input.files : [];

const checkov = (text: string) => readCheckovReport(text, files);
const trivyConfig = (text: string) => readTrivyConfigReport(text, ['Dockerfile']);
const trivyImage = (text: string) =>
  readTrivyImageReport(text, { image, program: '/hello', builtAt: '2026-11-24T00:00:00Z' });
const grype = (text: string) => readGrypeReport(text, grypeSubject);
const govulncheck = (text: string) => readGovulncheckReport(text, mainPackage);
const sbom = (text: string): ScanReport => {
  const result = checkSbom(text, image);
  if (result.ok) {
    throw new Error('the SBOM was accepted');
  }
  return { ok: false, scanner: 'grype', ...result.problem };
};
const messageOf = (report: ScanReport) => (report.ok ? 'accepted' : report.message);

/** By reader: JSON of another shape, and the expected message. */
const otherShapes: readonly (readonly [string, (text: string) => ScanReport, string, string])[] = [
  [
    'grype',
    grype,
    '{"matches":{},"descriptor":{"name":"trivy"}}',
    'at matches: expected array, found {}; at source: expected object, found nothing; at descriptor.name: expected "grype", found "trivy"; 2 more; it begins with "{\\"matches',
  ],
  [
    'trivy image',
    trivyImage,
    '{"SchemaVersion":2,"ArtifactType":"filesystem","Metadata":{"RepoDigests":[]}}',
    'at ArtifactType: expected "container_image", found "filesystem"; at Metadata.RepoDigests: expected array of at least 1, found []; it begins with',
  ],
  [
    'trivy config',
    trivyConfig,
    '{"SchemaVersion":2,"Results":[{"Target":3}]}',
    'at Results[0].Target: expected string, found 3; it begins with',
  ],
  ['checkov', checkov, checkovOutput({}, files), 'at check_type: expected string, found nothing; '],
  [
    'checkov of several frameworks',
    checkov,
    checkovOutput([3], files),
    'at [0]: expected object, found 3; it begins with "[ 3 ]',
  ],
  [
    'a plain count of checkov',
    checkov,
    checkovOutput({ ...checkovZeroCount, parsing_errors: 2 }, files),
    'at parsing_errors: expected 0, found 2; it begins with',
  ],
  [
    'checkov without its inventory',
    checkov,
    '{}',
    'expected findings and inventory, found 1 outputs; it begins with "{}"',
  ],
  [
    'govulncheck',
    govulncheck,
    '{"config":{"scanner_name":"x","scan_level":"symbol","scan_mode":"source"}}',
    'at config.scanner_name: expected "govulncheck", found "x"; it begins with',
  ],
  ['an SBOM', sbom, '{"spdxVersion":"SPDX-2.3"}', 'at bomFormat: expected "CycloneDX", found nothing; '],
];

test.each(otherShapes)(
  '%s of another shape: the message says what was expected and what was found',
  (_, read, text, expected) => {
    const message = messageOf(read(text));
    expect(message).toContain('cannot be read: ');
    expect(message).toContain(expected);
    expect(message).not.toContain('\n');
  },
);

const readers: readonly (readonly [string, (text: string) => ScanReport])[] = [
  ['grype', grype],
  ['trivy image', trivyImage],
  ['trivy config', trivyConfig],
  ['govulncheck', (text) => govulncheck(`{${text}`)],
  ['checkov', (text) => checkov(`${text}\n--- OUTPUT DELIMITER ---\n{}`)],
  ['an SBOM', sbom],
];

test.each(readers)('%s with other output: the message quotes its first characters', (_, read) => {
  const message = messageOf(read(`panic: runtime error\ngoroutine 1${' [running]'.repeat(100)}`));
  expect(message).toMatch(/expected (JSON|a stream of whole JSON objects), found /);
  expect(message).toMatch(/it begins with "\{?panic: runtime error goroutine 1/);
  expect(message.length).toBeLessThan(400);
});

test.each([
  ['grype', grype],
  ['trivy', trivyImage],
  ['trivy-config', trivyConfig],
  ['govulncheck', govulncheck],
  ['checkov', checkov],
])('%s without output: the message names it', (name, read) => {
  expect(messageOf(read(' \n'))).toBe(`${name} wrote no report: expected JSON, found nothing`);
});

test('shortens a list of many issues or many files', () => {
  const matches = Array.from({ length: 5 }, () => 3);
  const report = grype(JSON.stringify({ matches, descriptor: { name: 'grype', db: 3 } }));
  expect(messageOf(report)).toContain('at matches[2]: expected object, found 3; 5 more; it begins');
  const paths = Array.from({ length: 12 }, (_, index) => `f${index}.yaml`);
  expect(messageOf(readTrivyConfigReport('{"SchemaVersion":2}', paths))).toBe(
    'expected trivy to check every file, found no check of f0.yaml, f1.yaml, f2.yaml, f3.yaml, f4.yaml, f5.yaml, f6.yaml, f7.yaml, f8.yaml, f9.yaml and 2 more',
  );
});

test('the message about a long value or a long report is shortened', () => {
  const name = (length: number) => grype(JSON.stringify({ matches: [], descriptor: { name: 'x'.repeat(length) } }));
  expect(messageOf(name(58))).toContain(`found "${'x'.repeat(58)}"`);
  expect(messageOf(name(59))).toContain(`found "${'x'.repeat(56)}...`);
  expect(messageOf(trivyConfig('x'.repeat(160)))).toMatch(/it begins with "x{160}"$/);
  expect(messageOf(trivyConfig('x'.repeat(161)))).toMatch(/it begins with "x{157}\.\.\."$/);
  expect(messageOf(trivyConfig('  a\n\n  b  '))).toMatch(/it begins with "a b"$/);
});

test('the message says where something is wrong, and what was expected there', () => {
  expect(messageOf(trivyConfig('3'))).toContain('at its root: expected object, found 3');
  expect(messageOf(trivyConfig('null'))).toContain('at its root: expected object, found null');
  expect(messageOf(trivyConfig('{"SchemaVersion":1}'))).toContain('at SchemaVersion: expected 2, found 1');
  const misconfiguration = '{"ID":"","Title":"x","Status":"FAIL"}';
  expect(
    messageOf(trivyConfig(`{"SchemaVersion":2,"Results":[{"Target":"x","Misconfigurations":[${misconfiguration}]}]}`)),
  ).toContain('at Results[0].Misconfigurations[0].ID: expected string of at least 1, found ""');
  expect(messageOf(grype('{"matches":[],"source":3,"descriptor":null}'))).toContain(
    'at source: expected object, found 3; at descriptor: expected object, found null; it begins',
  );
  expect(messageOf(checkov(checkovOutput({ ...checkovZeroCount, more: 1 }, files)))).toContain(
    'at its root: expected Unrecognized key: "more", found {"passed":0',
  );
});

import {
  checkSbom,
  parseCheckovInput,
  readCheckovReport,
  readGovulncheckReport,
  readGrypeReport,
  readTrivyConfigReport,
  readTrivyImageReport,
  readTrivySbomReport,
  type ScanReport,
} from '../../../lib/gate';
import { parseJson } from '../../../lib/gate/readers/report-document';
import {
  checkovFindings,
  checkovOutput,
  checkovZeroCount,
  govulncheckOutput,
  grypeOutput,
  grypeSubject,
  image,
  mainPackage,
} from '../report-fixtures';

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

const grypeWith = (changes: object, configuration: object = {}) => grype(grypeOutput(changes, configuration));
const grypeMatch = (changes: object) =>
  grypeWith({ matches: [{ vulnerability: { id: 'x' }, artifact: { name: 'a', version: '1' }, ...changes }] });
const grypeDatabase = (db: unknown) => grypeWith({ descriptor: { ...JSON.parse(grypeOutput()).descriptor, db } });
const stream = (message: object) => govulncheck(govulncheckOutput([message]));
const trace = (frame: object) => stream({ finding: { osv: 'GO-1', trace: [frame] } });
const trivy = (result: object) =>
  trivyImage(
    JSON.stringify({
      SchemaVersion: 2,
      ArtifactType: 'container_image',
      Metadata: { RepoDigests: [`r@${image}`] },
      Results: [result],
    }),
  );
const trivySbom = (result: object) =>
  readTrivySbomReport(
    JSON.stringify({ SchemaVersion: 2, ArtifactType: 'cyclonedx', ArtifactName: 'a', Results: [result] }),
    { file: 'a', builtAt: '', sbom: { bomFormat: 'CycloneDX', specVersion: '1.6', metadata, components: [] } },
  );
const metadata = { component: { type: 'file', name: 'a', version: image } };
const sbomWith = (changes: object) =>
  sbom(JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata, ...changes }));
const inventory = (components: unknown) =>
  checkov(
    `${JSON.stringify(checkovZeroCount)}\n--- OUTPUT DELIMITER ---\n${JSON.stringify({ bomFormat: 'CycloneDX', components })}`,
  );

test.each<[string, ScanReport]>([
  ['matches[0].vulnerability: expected object', grypeMatch({ vulnerability: undefined })],
  ['matches[0].vulnerability.id: expected string', grypeMatch({ vulnerability: {} })],
  ['matches[0].vulnerability.severity: expected string', grypeMatch({ vulnerability: { id: 'x', severity: 3 } })],
  [
    'matches[0].vulnerability.fix.versions: expected array',
    grypeMatch({ vulnerability: { id: 'x', fix: { versions: 3 } } }),
  ],
  ['matches[0].relatedVulnerabilities[0].id: expected string', grypeMatch({ relatedVulnerabilities: [{}] })],
  ['matches[0].artifact: expected object', grypeMatch({ artifact: undefined })],
  ['matches[0].artifact.name: expected string', grypeMatch({ artifact: {} })],
  ['ignoredMatches[0].vulnerability: expected object', grypeWith({ ignoredMatches: [{}] })],
  ['ignoredMatches[0].vulnerability.id: expected string', grypeWith({ ignoredMatches: [{ vulnerability: {} }] })],
  ['source.type: expected string', grypeWith({ source: {} })],
  ['descriptor.configuration.ignore: expected array', grypeWith({}, { ignore: undefined })],
  ['descriptor.configuration.ignore[0].package: expected object', grypeWith({}, { ignore: [{}] })],
  ['descriptor.configuration.ignore[0].package.name: expected string', grypeWith({}, { ignore: [{ package: {} }] })],
  ['descriptor.configuration.exclude: expected array', grypeWith({}, { exclude: undefined })],
  ['descriptor.configuration.only-fixed: expected boolean', grypeWith({}, { 'only-fixed': undefined })],
  ['descriptor.configuration.only-notfixed: expected boolean', grypeWith({}, { 'only-notfixed': undefined })],
  ['descriptor.configuration.ignore-wontfix: expected string', grypeWith({}, { 'ignore-wontfix': undefined })],
  ['descriptor.configuration.vex-documents: expected array', grypeWith({}, { 'vex-documents': undefined })],
  ['descriptor.db.status: expected object', grypeDatabase({})],
  ['descriptor.db.status.built: expected string', grypeDatabase({ status: { valid: true } })],
  ['descriptor.db.status.valid: expected boolean', grypeDatabase({ status: { built: 'x' } })],
  ['config.scan_level: expected string', stream({ config: { scanner_name: 'govulncheck', scan_mode: 'source' } })],
  ['SBOM.modules: expected array', stream({ SBOM: { modules: 3 } })],
  ['SBOM.modules[0].path: expected string', stream({ SBOM: { modules: [{}] } })],
  ['SBOM.roots: expected array', stream({ SBOM: { roots: 'x' } })],
  ['progress.message: expected string', stream({ progress: { message: 3 } })],
  ['osv.id: expected string', stream({ osv: {} })],
  ['osv.aliases: expected array', stream({ osv: { id: 'GO-1', aliases: 'x' } })],
  ['finding.osv: expected string', stream({ finding: { trace: [{ module: 'm' }] } })],
  [
    'finding.fixed_version: expected string',
    stream({ finding: { osv: 'x', fixed_version: 3, trace: [{ module: 'm' }] } }),
  ],
  ['finding.trace[0].module: expected string', trace({})],
  ['finding.trace[0].function: expected string', trace({ module: 'm', function: 3 })],
  ['Results[0].Packages[0].Name: expected string', trivy({ Packages: [{}] })],
  ['Results[0].Packages[0].Name: expected string', trivySbom({ Packages: [{}] })],
  [
    'Results[0].Packages[0].Identifier.PURL: expected string',
    trivySbom({ Packages: [{ Name: 'a', Identifier: { PURL: 3 } }] }),
  ],
  ['Results[0].Vulnerabilities[0].VulnerabilityID: expected string', trivy({ Vulnerabilities: [{}] })],
  [
    'Results[0].ExperimentalModifiedFindings[0].Source: expected string',
    trivy({ ExperimentalModifiedFindings: [{ Source: 3 }] }),
  ],
  [
    'Results[0].MisconfSummary.Successes: expected number',
    trivyConfig('{"SchemaVersion":2,"Results":[{"Target":"x","MisconfSummary":{}}]}'),
  ],
  ['metadata.component: expected object', sbomWith({ metadata: {} })],
  ['metadata.component.type: expected string', sbomWith({ metadata: { component: {} } })],
  ['components[0].type: expected string', sbomWith({ components: [{}] })],
  [
    'components[0].properties[0].name: expected string',
    sbomWith({ components: [{ type: 'library', name: 'a', properties: [{}] }] }),
  ],
  ['components[0].purl: expected string', inventory([{}])],
  ['results.failed_checks: expected array', checkov(checkovOutput({ ...checkovFindings(), results: {} }, files))],
  ['summary.passed: expected number', checkov(checkovOutput({ ...checkovFindings(), summary: {} }, files))],
  ['its root: expected object, found null', checkov(checkovOutput(null, files))],
  ['its root: expected object, found 3', checkov(checkovOutput(3, files))],
  ['its root: expected object, found "checkov_version"', checkov(checkovOutput('checkov_version', files))],
])('what is read of a report must be there: at %s', (place, report) => {
  expect(messageOf(report)).toContain(`cannot be read: at ${place}`);
});

test('the error about a report has a name', () => {
  expect(() => parseJson('{')).toThrow(expect.objectContaining({ name: 'ReportError' }));
});

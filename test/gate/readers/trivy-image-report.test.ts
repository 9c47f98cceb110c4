import { readTrivyImageReport } from '../../../lib/gate';
import { image, otherImage } from '../report-fixtures';

const builtAt = '2026-11-24T00:00:00Z';
const scan = { image, program: '/hello', builtAt };

const report = (changes: object = {}, result: object = {}) =>
  JSON.stringify({
    SchemaVersion: 2,
    ArtifactType: 'container_image',
    Metadata: { RepoDigests: [`registry.example.com/acme/hello@${image}`] },
    Results: [
      {
        Target: 'hello',
        Type: 'gobinary',
        Packages: [{ Name: 'stdlib' }, { Name: 'golang.org/x/net' }],
        Vulnerabilities: [
          {
            VulnerabilityID: 'CVE-2024-45338',
            VendorIDs: ['GHSA-w32m-9786-jp63'],
            PkgName: 'golang.org/x/net',
            InstalledVersion: 'v0.32.0',
            FixedVersion: '0.33.0',
            Severity: 'HIGH',
          },
        ],
        ...result,
      },
    ],
    ...changes,
  });

test('reads ids, fix and severity of a finding', () => {
  expect(readTrivyImageReport(report(), scan)).toEqual({
    ok: true,
    scanner: 'trivy',
    database: { builtAt },
    observations: [
      {
        id: 'CVE-2024-45338',
        aliases: ['GHSA-w32m-9786-jp63'],
        package: 'golang.org/x/net',
        version: 'v0.32.0',
        severity: 'high',
        fixedIn: '0.33.0',
        source: 'trivy',
        reachable: false,
      },
    ],
  });
});

test('an unknown severity stays unknown', () => {
  const text = report({}, { Vulnerabilities: [{ VulnerabilityID: 'CVE-1', PkgName: 'p', Severity: 'UNKNOWN' }] });
  expect(readTrivyImageReport(text, scan)).toMatchObject({ observations: [{ severity: 'unknown' }] });
});

test.each([
  ['nothing', '', 'empty-report'],
  ['half a report', report().slice(0, 100), 'unreadable-report'],
  ['{}', '{}', 'unreadable-report'],
  ['about another image', report({ Metadata: { RepoDigests: [`r/x@${otherImage}`] } }), 'other-image'],
  ['about no image', report({ Metadata: { RepoDigests: [] } }), 'unreadable-report'],
  ['about a file system', report({ ArtifactType: 'filesystem' }), 'unreadable-report'],
  ['without results', report({ Results: undefined }), 'vacuous-report'],
  ['with a Go binary of the base alone', report({}, { Target: 'usr/bin/esbuild' }), 'vacuous-report'],
  [
    'with a suppressed finding',
    report({}, { ExperimentalModifiedFindings: [{ Status: 'ignored', Source: '.trivyignore' }] }),
    'ignored-findings',
  ],
  ['without a Go binary', report({}, { Type: 'debian' }), 'vacuous-report'],
  ['without the standard library', report({}, { Packages: [{ Name: 'golang.org/x/net' }] }), 'vacuous-report'],
])('rejects a report: %s', (_, text, code) => {
  expect(readTrivyImageReport(text, scan)).toMatchObject({ ok: false, scanner: 'trivy', code });
});

const found = (changes: object) => {
  const one = { VulnerabilityID: 'CVE-2026-0001', PkgName: 'p', ...changes };
  const result = readTrivyImageReport(report({}, { Vulnerabilities: [one] }), scan);
  return result.ok ? result.observations : result;
};

test.each([
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
  ['low', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('the severity %s is %s', (Severity, severity) => {
  expect(found({ Severity })).toMatchObject([{ severity }]);
});

test('a finding without a version, a fix and other IDs has none', () => {
  expect(found({ VendorIDs: null, FixedVersion: '' })).toEqual([
    {
      id: 'CVE-2026-0001',
      aliases: [],
      package: 'p',
      version: '',
      severity: 'unknown',
      fixedIn: undefined,
      source: 'trivy',
      reachable: false,
    },
  ]);
  expect(found({ VendorIDs: ['DSA-5764-1', 'CVE-2026-0001'] })).toMatchObject([{ aliases: [], fixedIn: undefined }]);
});

test.each([{ VulnerabilityID: '' }, { VulnerabilityID: undefined }, { PkgName: undefined }, { VendorIDs: [3] }])(
  'a finding with %j makes the report unreadable',
  (changes) => {
    expect(found(changes)).toMatchObject({ ok: false, code: 'unreadable-report' });
  },
);

test('findings of all results count, also where there are none', () => {
  const [program] = JSON.parse(report()).Results as object[];
  const debian = { Target: 'debian 13', Vulnerabilities: [{ VulnerabilityID: 'CVE-2026-0002', PkgName: 'libc' }] };
  const Results = [{ Packages: null, Vulnerabilities: null }, program, debian, { ExperimentalModifiedFindings: [] }];
  const result = readTrivyImageReport(report({ Results }), scan);
  expect(result.ok && result.observations.map(({ id }) => id)).toEqual(['CVE-2024-45338', 'CVE-2026-0002']);
});

test('a report that names the image in several repositories is about it, unless one is another image', () => {
  const named = (...digests: readonly string[]) =>
    readTrivyImageReport(
      report({ Metadata: { RepoDigests: digests.map((digest, index) => `r${index}/a@${digest}`) } }),
      scan,
    );
  expect(named(image, image)).toMatchObject({ ok: true });
  expect(named(image, otherImage)).toMatchObject({
    code: 'other-image',
    message: `expected a report of trivy on ${image}, found one on ${image}, ${otherImage}`,
  });
});

test('the standard library of another program, or of another type, proves nothing', () => {
  const [program] = JSON.parse(report()).Results as object[];
  const tool = { ...program, Target: 'usr/bin/tool' };
  const modules = { ...program, Packages: [{ Name: 'golang.org/x/net' }] };
  expect(readTrivyImageReport(report({ Results: [tool, modules] }), scan)).toMatchObject({
    code: 'vacuous-report',
    message: expect.stringContaining('found 1 Go modules of it'),
  });
  expect(readTrivyImageReport(report({}, { Packages: null }), scan)).toMatchObject({
    code: 'vacuous-report',
    message: expect.stringContaining('found 0 Go modules of it'),
  });
  expect(readTrivyImageReport(report({}, { Type: 'gomod' }), scan)).toMatchObject({ code: 'vacuous-report' });
});

test('the message about suppressed findings names what suppressed them, each once', () => {
  const ExperimentalModifiedFindings = [{ Source: '.trivyignore' }, { Source: 'vex.json' }, { Source: 'vex.json' }, {}];
  expect(readTrivyImageReport(report({}, { ExperimentalModifiedFindings }), scan)).toMatchObject({
    message: expect.stringContaining('found 4 by .trivyignore, vex.json, an unknown source:'),
  });
});

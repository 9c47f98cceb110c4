import { readTrivySbomReport, type Sbom } from '../../../lib/gate';
import { image } from '../report-fixtures';

const builtAt = '2026-11-24T00:00:00Z';
const component = (name: string, purl?: string) => ({ type: 'library', name, ...(purl === undefined ? {} : { purl }) });
const sbom = (components: Sbom['components']): Sbom => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: 'hello', version: image } },
  components,
});
const components = [
  component('stdlib', 'pkg:golang/stdlib@1.26.5'),
  component('golang.org/x/net', 'pkg:golang/golang.org/x/net@v0.32.0'),
  component('tzdata', 'pkg:deb/debian/tzdata@2026a?distro=debian-13'),
  component('/hello'),
];
const scan = { file: '/scratch/a.cdx.json', sbom: sbom(components), builtAt };
const vulnerability = {
  VulnerabilityID: 'CVE-2024-45338',
  VendorIDs: ['GHSA-w32m-9786-jp63'],
  PkgName: 'golang.org/x/net',
  InstalledVersion: 'v0.32.0',
  FixedVersion: '0.33.0',
  Severity: 'HIGH',
};
const goModules = {
  Target: '',
  Type: 'gobinary',
  Packages: [{ Name: 'stdlib' }, { Name: 'golang.org/x/net' }],
  Vulnerabilities: [vulnerability],
};
const debian = { Target: 'debian 13', Type: 'debian', Packages: [{ Name: 'tzdata' }] };
const report = (changes: object = {}) =>
  JSON.stringify({
    SchemaVersion: 2,
    ArtifactType: 'cyclonedx',
    ArtifactName: scan.file,
    Results: [goModules, debian],
    ...changes,
  });

test('reads the findings of all packages of the SBOM', () => {
  expect(readTrivySbomReport(report(), scan)).toEqual({
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

test.each<readonly [string, string, string]>([
  ['nothing', '', 'empty-report'],
  ['half a report', report().slice(0, 100), 'unreadable-report'],
  ['{}', '{}', 'unreadable-report'],
  ['a report on an image', report({ ArtifactType: 'container_image' }), 'unreadable-report'],
  ['a report on another file', report({ ArtifactName: '/scratch/b.cdx.json' }), 'other-image'],
  ['a report without results', report({ Results: undefined }), 'vacuous-report'],
  ['a report without the packages of the distribution', report({ Results: [goModules] }), 'vacuous-report'],
  ['a report without the Go modules', report({ Results: [debian] }), 'vacuous-report'],
  [
    'a report with a suppressed finding',
    report({
      Results: [
        { ...goModules, ExperimentalModifiedFindings: [{ Status: 'ignored', Source: '.trivyignore' }] },
        debian,
      ],
    }),
    'ignored-findings',
  ],
])('%s is inconclusive', (_, text, code) => {
  expect(readTrivySbomReport(text, scan)).toMatchObject({ ok: false, scanner: 'trivy', code });
});

test('names the packages that trivy left out', () => {
  expect(readTrivySbomReport(report({ Results: [goModules] }), scan)).toMatchObject({
    message: 'expected a report of trivy on every package of the SBOM, found none on tzdata: trivy does not know them',
  });
});

test('an SBOM without packages proves nothing', () => {
  const empty = { ...scan, sbom: sbom([component('/hello')]) };
  expect(readTrivySbomReport(report({ Results: [] }), empty)).toMatchObject({ ok: false, code: 'vacuous-report' });
});

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
  expect(readTrivyImageReport(text, scan)).toMatchObject({ ok: false, code });
});

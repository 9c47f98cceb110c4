import fc from 'fast-check';
import { type ScanBasis, scanDifference } from '../../lib/gate';
import type { Finding, Scanned } from '../../lib/release';
import { digestOf } from '../../lib/values';
import { observation } from './report-fixtures';

const vulnerability: Finding = {
  ...observation,
  aliases: ['CVE-2024-45338'],
  sources: ['grype', 'trivy'],
  decision: 'allowed',
  reason: 'below critical',
};
const misconfiguration: Finding = {
  ...vulnerability,
  id: 'KSV-0014',
  aliases: [],
  package: 'deployment.yaml',
  version: 'prod: Deployment.hello',
  title: 'Root file system',
  source: 'trivy-config',
  sources: ['trivy-config'],
};
const tools = [
  { name: 'grype', version: 'v0.100.0' },
  { name: 'trivy', version: '0.74.0' },
];
const databases = [
  { scanner: 'grype', origin: 'feed', builtAt: '2026-11-30T01:00:00Z' },
  { scanner: 'govulncheck', origin: 'feed', builtAt: '2026-11-20T20:00:00Z' },
  { scanner: 'trivy', origin: 'feed', builtAt: '2026-11-30T06:00:00Z' },
] as const;
const policy = digestOf('policy');
const signed: Pick<Scanned, 'tools' | 'verdict'> = {
  tools,
  verdict: {
    outcome: 'passed',
    reasons: [],
    findings: [vulnerability, misconfiguration],
    databases: [...databases],
    policy,
  },
};
const basis: ScanBasis = {
  tools,
  databases: [...databases],
  policy,
  configuration: { outcome: 'passed', findings: [misconfiguration] },
};

test('a scan by the same scanners, databases, policy and configuration would find the same, in whatever order they are listed', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...tools], { minLength: tools.length }),
      fc.shuffledSubarray([...databases], { minLength: databases.length }),
      (someTools, someDatabases) => {
        expect(scanDifference(signed, { ...basis, tools: someTools, databases: someDatabases })).toBeUndefined();
      },
    ),
  );
});

const [grype, ...otherDatabases] = databases;
test.each<[string, Partial<ScanBasis>, RegExp]>([
  [
    'another version of a scanner',
    { tools: [{ name: 'grype', version: 'v0.101.0' }] },
    /grype v0\.100\.0.*grype v0\.101\.0/,
  ],
  ['a scanner more', { tools: [...tools, { name: 'syft', version: '1' }] }, /syft 1/],
  ['a scanner less', { tools: tools.slice(1) }, /grype v0\.100\.0/],
  [
    'a later database',
    { databases: [{ ...grype, builtAt: '2026-12-01T01:00:00Z' }, ...otherDatabases] },
    /grype \(feed\) of 2026-11-30T01:00:00Z.*grype \(feed\) of 2026-12-01T01:00:00Z/,
  ],
  ['the fixture database', { databases: [{ ...grype, origin: 'fixture' }, ...otherDatabases] }, /grype \(fixture\)/],
  ['a database less', { databases: otherDatabases }, /databases/],
  ['no database', { databases: [] }, /databases/],
  ['another policy', { policy: digestOf('other') }, /policy/],
  [
    'a misconfiguration more',
    { configuration: { outcome: 'passed', findings: [misconfiguration, { ...misconfiguration, id: 'KSV-0017' }] } },
    /manifests/,
  ],
  ['a misconfiguration less', { configuration: { outcome: 'passed', findings: [] } }, /manifests/],
  [
    'a misconfiguration that blocks',
    { configuration: { outcome: 'blocked', findings: [misconfiguration] } },
    /manifests/,
  ],
  [
    'a checker that did not run',
    { configuration: { outcome: 'inconclusive', findings: [misconfiguration] } },
    /manifests/,
  ],
])('with %s, a scan could find something else', (_, change, reason) => {
  expect(scanDifference(signed, { ...basis, ...change })).toMatch(reason);
});

test('a finding by scanners of which one is unknown is no misconfiguration', () => {
  const foreign = { ...misconfiguration, sources: ['trivy-config', 'other'] };
  const other = { ...signed, verdict: { ...signed.verdict, findings: [foreign] } };
  expect(scanDifference(other, basis)).toMatch(/manifests/);
  expect(scanDifference(other, { ...basis, configuration: { outcome: 'passed', findings: [] } })).toBeUndefined();
});

test('a finding of a scanner of images is no misconfiguration, whatever else found it', () => {
  const both = { ...misconfiguration, sources: ['checkov', 'grype'] };
  const other = { ...signed, verdict: { ...signed.verdict, findings: [both] } };
  expect(scanDifference(other, { ...basis, configuration: { outcome: 'passed', findings: [] } })).toBeUndefined();
  const checked = { ...misconfiguration, sources: ['checkov', 'trivy-config'] };
  const same = { ...signed, verdict: { ...signed.verdict, findings: [checked] } };
  expect(scanDifference(same, { ...basis, configuration: { outcome: 'passed', findings: [checked] } })).toBeUndefined();
});

test('the databases of a difference are named in the order of their names', () => {
  const later = [...databases].reverse().map((database) => ({ ...database, builtAt: '2026-12-01T00:00:00Z' }));
  expect(scanDifference(signed, { ...basis, databases: later })).toBe(
    `its databases are govulncheck (feed) of 2026-11-20T20:00:00Z, grype (feed) of 2026-11-30T01:00:00Z, trivy (feed) of 2026-11-30T06:00:00Z, and today's are ${['govulncheck', 'grype', 'trivy'].map((name) => `${name} (feed) of 2026-12-01T00:00:00Z`).join(', ')}`,
  );
});

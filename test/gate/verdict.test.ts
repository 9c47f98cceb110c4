import fc from 'fast-check';
import { platformSchema } from '../../lib/catalog';
import {
  checkSbom,
  type Evidence,
  type FindingsPolicy,
  judgeFindings,
  mergeObservations,
  normalizedSbom,
  type Observation,
  policyFor,
  readGovulncheckReport,
  readGrypeReport,
  type ScanReport,
} from '../../lib/gate';
import type { Digest } from '../../lib/values';

const image = `sha256:${'a'.repeat(64)}` as Digest;
const other = `sha256:${'b'.repeat(64)}` as Digest;
const now = new Date('2026-11-24T12:00:00Z');
const policy = policyFor(platformSchema.shape.findings.parse({}), [], 'hello');

const observation: Observation = {
  id: 'GHSA-w32m-9786-jp63',
  aliases: ['CVE-2024-45338'],
  package: 'golang.org/x/net',
  version: 'v0.32.0',
  severity: 'high',
  fixedIn: '0.33.0',
  source: 'grype',
  reachable: false,
};

function report(
  scanner: 'grype' | 'govulncheck' | 'trivy',
  observations: readonly Observation[] = [],
  builtAt = '2026-11-24T00:00:00Z',
): ScanReport {
  return { ok: true, scanner, observations, database: { builtAt } };
}

/** The scanners that most tests do not vary: they ran and found nothing. */
const otherScanners: readonly ScanReport[] = [
  report('trivy'),
  { ok: true, scanner: 'trivy-config', observations: [] },
  { ok: true, scanner: 'checkov', observations: [] },
];

function judge(changes: Partial<Evidence> = {}, changed: Partial<FindingsPolicy> = {}) {
  const evidence: Evidence = {
    sboms: { 'linux/amd64': undefined },
    databases: 'feed',
    ...changes,
    reports: [...(changes.reports ?? [report('grype'), report('govulncheck')]), ...otherScanners],
  };
  return judgeFindings(evidence, { ...policy, ...changed }, now);
}

const codes = (verdict: ReturnType<typeof judge>) => verdict.reasons.map(({ code }) => code);

test('passes when all scanners ran and found nothing', () => {
  expect(judge()).toMatchObject({ outcome: 'passed', reasons: [] });
});

test('a high finding blocks, and the reason names its fix', () => {
  const verdict = judge({ reports: [report('grype', [observation]), report('govulncheck')] });
  expect(verdict.outcome).toBe('blocked');
  expect(verdict.reasons[0]?.message).toBe(
    'GHSA-w32m-9786-jp63 / CVE-2024-45338 (high) in golang.org/x/net v0.32.0, fixed in 0.33.0: the policy blocks high and above',
  );
});

test.each([
  ['no SBOM', { sboms: {} }, 'no-sbom'],
  ['an empty SBOM', { sboms: { 'linux/amd64': { code: 'vacuous-sbom', message: 'empty' } as const } }, 'vacuous-sbom'],
  ['grype that did not run', { reports: [report('govulncheck')] }, 'scanner-did-not-run'],
  ['govulncheck that did not run', { reports: [report('grype')] }, 'scanner-did-not-run'],
  [
    'a scanner that crashed',
    {
      reports: [
        report('govulncheck'),
        { ok: false, scanner: 'grype', code: 'scanner-failed', message: 'it crashed' } as const,
      ],
    },
    'scanner-failed',
  ],
  [
    'a stale database',
    { reports: [report('grype', [], '2026-11-01T00:00:00Z'), report('govulncheck')] },
    'stale-database',
  ],
  ['a database of no known age', { reports: [report('grype', [], ''), report('govulncheck')] }, 'stale-database'],
])('%s makes the verdict inconclusive', (_, changes, code) => {
  const verdict = judge(changes as Partial<Evidence>);
  expect(verdict.outcome).toBe('inconclusive');
  expect(codes(verdict)).toContain(code);
});

test('a missing report outweighs findings', () => {
  expect(judge({ reports: [report('grype', [observation])] }).outcome).toBe('inconclusive');
});

test.each([
  ['exactly at the threshold', { severity: 'high' }, 'blocked'],
  ['below the threshold', { severity: 'medium' }, 'passed'],
  ['of unknown severity', { severity: 'unknown' }, 'blocked'],
  ['below the threshold but called', { severity: 'low', reachable: true }, 'blocked'],
])('a finding %s: %s', (_, changes, outcome) => {
  expect(
    judge({
      reports: [report('grype', [{ ...observation, ...(changes as Partial<Observation>) }]), report('govulncheck')],
    }).outcome,
  ).toBe(outcome);
});

const risk = {
  id: 'CVE-2024-45338',
  package: 'golang.org/x/net',
  reason: 'parses only our own pages',
  owner: 'storefront',
  expires: '2026-12-31',
};

test('an accepted risk lets a finding pass, by any of its ids', () => {
  const verdict = judge(
    { reports: [report('grype', [observation]), report('govulncheck')] },
    { acceptedRisks: [risk] },
  );
  expect(verdict.outcome).toBe('passed');
  expect(verdict.findings[0]).toMatchObject({
    decision: 'accepted',
    reason: 'accepted by storefront until 2026-12-31: parses only our own pages',
  });
});

test('an accepted risk that expired yesterday no longer counts, and the reason names it', () => {
  const verdict = judge(
    { reports: [report('grype', [observation]), report('govulncheck')] },
    { acceptedRisks: [{ ...risk, expires: '2026-11-23' }] },
  );
  expect(verdict.outcome).toBe('blocked');
  expect(codes(verdict)).toEqual(['finding-blocks', 'expired-risk']);
  expect(verdict.reasons[1]?.message).toMatch(/CVE-2024-45338 in golang.org\/x\/net expired on 2026-11-23/);
});

test('an accepted risk of another package with the same advisory does not count', () => {
  expect(
    judge(
      { reports: [report('grype', [observation]), report('govulncheck')] },
      { acceptedRisks: [{ ...risk, package: 'golang.org/x/crypto' }] },
    ).outcome,
  ).toBe('blocked');
});

test('a verdict names the fixture database', () => {
  const verdict = judge({ databases: 'fixture' });
  expect(codes(verdict)).toEqual(['fixture-database']);
  expect(verdict.databases.map(({ origin }) => origin)).toEqual(['fixture', 'fixture', 'fixture']);
});

test('merges one advisory from two scanners: the known severity, reachable if either says so', () => {
  const called: Observation = {
    ...observation,
    id: 'GO-2024-3333',
    aliases: ['CVE-2024-45338'],
    severity: 'unknown',
    source: 'govulncheck',
    reachable: true,
  };
  for (const order of [
    [observation, called],
    [called, observation],
  ]) {
    const merged = mergeObservations(order);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({ severity: 'high', reachable: true });
  }
});

test('passes an advisory that only govulncheck reports and whose function is not called', () => {
  const uncalled: Observation = {
    ...observation,
    id: 'GO-2024-3333',
    aliases: [],
    severity: 'unknown',
    source: 'govulncheck',
    reachable: false,
  };
  expect(judge({ reports: [report('grype'), report('govulncheck', [uncalled])] }).outcome).toBe('passed');
});

test('more findings never turn blocked into passed', () => {
  const observations = fc.array(
    fc.record({
      id: fc.constantFrom('CVE-1', 'CVE-2', 'GO-1'),
      severity: fc.constantFrom('unknown', 'low', 'medium', 'high', 'critical'),
      reachable: fc.boolean(),
      package: fc.constantFrom('a', 'b'),
    }),
  );
  fc.assert(
    fc.property(observations, observations, (some, more) => {
      const observationsOf = (list: typeof some) =>
        list.map((each) => ({ ...observation, aliases: [], ...each }) as Observation);
      const before = judge({ reports: [report('grype', observationsOf(some)), report('govulncheck')] }).outcome;
      const after = judge({
        reports: [report('grype', observationsOf([...some, ...more])), report('govulncheck')],
      }).outcome;
      expect(before === 'blocked' && after === 'passed').toBe(false);
    }),
  );
});

const component = (name: string, purl = `pkg:golang/${name}@v1`) => ({ type: 'library', name, version: 'v1', purl });
const sbom = (components: unknown[], version: string = image) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:1',
    metadata: { timestamp: 'now', component: { type: 'container', name: 'r/shop', version } },
    components,
  });

test.each([
  ['about another image', sbom([component('stdlib'), component('a')], other), 'sbom-subject-mismatch'],
  ['without components', sbom([]), 'vacuous-sbom'],
  ['without the standard library', sbom([component('a')]), 'vacuous-sbom'],
  ['with the standard library alone', sbom([component('stdlib')]), 'vacuous-sbom'],
  ['that is {}', '{}', 'sbom-unreadable'],
  ['cut off', sbom([component('stdlib'), component('a')]).slice(0, -5), 'sbom-unreadable'],
  ['of another format', JSON.stringify({ spdxVersion: 'SPDX-2.3' }), 'sbom-unreadable'],
])('rejects an SBOM %s', (_, text, code) => {
  expect(checkSbom(text, image)).toMatchObject({ ok: false, problem: { code } });
});

test('accepts an SBOM of this image with Go modules', () => {
  expect(checkSbom(sbom([component('stdlib'), component('a')]), image)).toMatchObject({ ok: true, components: 2 });
});

test('two SBOMs of one image are equal without their times and serial numbers', () => {
  const text = sbom([component('stdlib')]);
  expect(normalizedSbom(text.replace('"now"', '"later"').replace('uuid:1', 'uuid:2'))).toEqual(normalizedSbom(text));
});

const grype = (changes: object = {}) =>
  JSON.stringify({
    matches: [],
    descriptor: { name: 'grype', db: { status: { built: '2026-11-24T00:00:00Z', valid: true } } },
    ...changes,
  });

test.each([
  ['an empty report', '', 'empty-report'],
  ['a cut-off report', grype().slice(0, 20), 'unreadable-report'],
  ['a report without matches', JSON.stringify({ descriptor: {} }), 'unreadable-report'],
  ['a report of another tool', grype({ descriptor: { name: 'trivy' } }), 'unreadable-report'],
  [
    'an invalid database',
    grype({ descriptor: { name: 'grype', db: { status: { built: 'x', valid: false } } } }),
    'invalid-database',
  ],
])('grype: rejects %s', (_, text, code) => {
  expect(readGrypeReport(text)).toMatchObject({ ok: false, code });
});

const stream = (...messages: object[]) =>
  [
    { config: { scanner_name: 'govulncheck', scan_level: 'symbol', db_last_modified: '2026-11-01T00:00:00Z' } },
    { SBOM: { modules: [{ path: 'a' }] } },
    ...messages,
  ]
    .map((message) => JSON.stringify(message))
    .join('\n');

test('govulncheck: an advisory alone is not a finding', () => {
  expect(readGovulncheckReport(stream({ osv: { id: 'GO-1' } }))).toMatchObject({ ok: true, observations: [] });
});

test('govulncheck: a finding is reachable only if its trace starts with a function', () => {
  const finding = (frame: object) => ({
    finding: { osv: 'GO-1', fixed_version: 'v2', trace: [{ module: 'm', version: 'v1', ...frame }] },
  });
  expect(readGovulncheckReport(stream(finding({})))).toMatchObject({ observations: [{ reachable: false }] });
  expect(
    readGovulncheckReport(stream(finding({}), finding({ package: 'm/p', function: 'F' }), finding({}))),
  ).toMatchObject({ observations: [{ id: 'GO-1', reachable: true, fixedIn: 'v2' }] });
});

test.each([
  ['nothing', '', 'empty-report'],
  ['a stream without its start', JSON.stringify({ progress: {} }), 'truncated-report'],
  ['a cut-off stream', stream({ finding: { osv: 'x', trace: [{ module: 'm' }] } }).slice(0, -3), 'unreadable-report'],
  ['a scan that did not follow calls', stream().replace('symbol', 'module'), 'shallow-scan'],
  ['a scan without a module', stream().replace('[{"path":"a"}]', '[]'), 'vacuous-scan'],
])('govulncheck: rejects %s', (_, text, code) => {
  expect(readGovulncheckReport(text)).toMatchObject({ ok: false, code });
});

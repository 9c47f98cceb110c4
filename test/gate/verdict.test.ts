import fc from 'fast-check';
import {
  type Evidence,
  type FindingsPolicy,
  judgeConfiguration,
  judgeFindings,
  type Observation,
  policyFor,
  readCheckovReport,
  readTrivyConfigReport,
  type ScanReport,
} from '../../lib/gate';
import {
  artifacts,
  checkovFindings,
  checkovOutput,
  defaultFindings,
  deployment,
  now,
  observation,
  oneDeployment,
  trivyConfigOutput,
  withSubject,
} from './report-fixtures';

const policy = policyFor(defaultFindings, [], 'hello');

function report(
  scanner: 'grype' | 'govulncheck' | 'trivy',
  observations: readonly Observation[] = [],
  builtAt = '2026-11-24T00:00:00Z',
): ScanReport {
  return withSubject({ ok: true, scanner, observations, database: { builtAt } });
}

/** The scanners that most tests do not vary: they ran and found nothing. */
const otherScanners: readonly ScanReport[] = [
  report('trivy'),
  { ok: true, scanner: 'trivy-config', observations: [] },
  { ok: true, scanner: 'checkov', observations: [] },
];

function judge(changes: Partial<Evidence> = {}, changed: Partial<FindingsPolicy> = {}) {
  const evidence: Evidence = {
    artifacts,
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
  ['no artifact', { artifacts: [] }, 'no-sbom'],
  [
    'an empty SBOM',
    { artifacts: artifacts.map((image) => ({ ...image, sbomProblem: { code: 'vacuous-sbom', message: 'empty' } })) },
    'vacuous-sbom',
  ],
  ['grype that did not run', { reports: [report('govulncheck')] }, 'scanner-did-not-run'],
  ['govulncheck that did not run', { reports: [report('grype')] }, 'scanner-did-not-run'],
  [
    'a scanner that crashed',
    {
      reports: [
        report('govulncheck'),
        withSubject({ ok: false, scanner: 'grype', code: 'scanner-failed', message: 'it crashed' }),
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
  [
    'a report without a database',
    { reports: [withSubject({ ok: true, scanner: 'grype', observations: [] }), report('govulncheck')] },
    'stale-database',
  ],
  [
    'a database from the future',
    { reports: [report('grype', [], '2099-01-01T00:00:00Z'), report('govulncheck')] },
    'future-database',
  ],
  [
    'a Go database whose newest advisory is too old',
    { reports: [report('grype'), report('govulncheck', [], '2026-09-24T00:00:00Z')] },
    'stale-database',
  ],
  [
    'an image that has reports of another one only',
    { artifacts: [...artifacts, { name: 'linux/arm64', kind: 'image', target: 'linux/amd64' }] },
    'scanner-did-not-run',
  ],
  [
    'a binary without a report',
    { artifacts: [...artifacts, { name: 'hello-linux-amd64', kind: 'binary', target: 'linux/amd64' }] },
    'scanner-did-not-run',
  ],
  [
    'a target whose calls nobody followed',
    { artifacts: [...artifacts, { name: 'hello-windows-amd64.exe', kind: 'binary', target: 'windows/amd64' }] },
    'scanner-did-not-run',
  ],
  [
    'a report on something else',
    { reports: [report('grype'), report('govulncheck'), { ...report('grype'), subject: 'linux/riscv64' }] },
    'other-subject',
  ],
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
      id: fc.constantFrom('CVE-2026-0001', 'CVE-2026-0002', 'GO-2026-0001'),
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

describe('judgeConfiguration', () => {
  const clean = readTrivyConfigReport(trivyConfigOutput({ Status: 'PASS' }), [deployment]);
  const found = readCheckovReport(checkovOutput(checkovFindings(), oneDeployment), oneDeployment);
  const checkRisk = {
    id: 'CKV_K8S_16',
    package: 'deployment.yaml',
    reason: 'it drives the hardware of its node',
    owner: 'storefront',
    expires: '2026-12-31',
  };
  const judgeManifests = (
    reports = [clean, found],
    risks: (typeof checkRisk & { service?: string })[] = [],
    service = 'hello',
  ) => judgeConfiguration(reports, policyFor(defaultFindings, risks, service), now);

  test('blocks a finding of unknown severity, which counts as high', () => {
    const verdict = judgeManifests();
    expect(verdict.outcome).toBe('blocked');
    expect(verdict.reasons).toEqual([
      {
        code: 'finding-blocks',
        message:
          'CKV_K8S_16 (unknown) in deployment.yaml (dev: Deployment.hello.hello), Container should not be privileged: unknown severity counts as high',
      },
    ]);
  });

  test('is inconclusive unless both scanners ran', () => {
    expect(judgeManifests([clean])).toMatchObject({
      outcome: 'inconclusive',
      reasons: [{ code: 'scanner-did-not-run' }],
    });
    expect(judgeManifests([])).toMatchObject({ outcome: 'inconclusive' });
  });

  test.each([
    ['for all services', checkRisk, 'hello', 'passed'],
    ['for this service', { ...checkRisk, service: 'hello' }, 'hello', 'passed'],
    ['for another service', { ...checkRisk, service: 'shop' }, 'hello', 'blocked'],
    ['for another file', { ...checkRisk, package: 'canary.yaml' }, 'hello', 'blocked'],
    ['until yesterday', { ...checkRisk, expires: '2026-11-23' }, 'hello', 'blocked'],
  ])('with a risk that is accepted %s', (_, accepted, service, outcome) => {
    expect(judgeManifests([clean, found], [accepted], service).outcome).toBe(outcome);
  });
});

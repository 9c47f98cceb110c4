import { databaseProblem, judgeFindings, policyFor, type ScanReport, scannersWithDatabase } from '../../lib/gate';
import { divideByRisk, riskProblems } from '../../lib/gate/accepted-risks';
import { reportProblems, type ScannedArtifact, sbomProblems } from '../../lib/gate/evidence';
import {
  compareScanners,
  databaseTimeOf,
  followsCalls,
  inputOf,
  requiredScanners,
  scannerNamed,
} from '../../lib/gate/observation';
import { artifacts, defaultFindings, now, observation, withSubject } from './report-fixtures';

const scanners = ['grype', 'govulncheck', 'trivy', 'trivy-config', 'checkov'] as const;

test('each scanner has its place in a verdict', () => {
  expect(requiredScanners('release')).toEqual(scanners);
  expect(requiredScanners('configuration')).toEqual(['trivy-config', 'checkov']);
  expect(requiredScanners('running')).toEqual(['grype', 'trivy']);
  expect(scannersWithDatabase()).toEqual(['grype', 'govulncheck', 'trivy']);
  expect(scanners.filter(followsCalls)).toEqual(['govulncheck']);
  expect(scanners.map(inputOf)).toEqual(['artifact', 'calls', 'image', 'configuration', 'configuration']);
  expect(scanners.map(databaseTimeOf)).toEqual(['build', 'newest-advisory', 'build', 'none', 'none']);
  expect([...scanners].reverse().sort(compareScanners)).toEqual(scanners);
  expect([...scanners, 'Grype', ''].map(scannerNamed)).toEqual([...scanners, undefined, undefined]);
});

const days = (count: number, seconds = 0) =>
  new Date(now.getTime() - count * 86_400_000 - seconds * 1000).toISOString();

test.each([
  ['grype', days(0), undefined],
  ['grype', days(0, -300), undefined],
  ['grype', days(0, -301), 'future-database'],
  ['grype', days(5), undefined],
  ['grype', days(5, 1), 'stale-database'],
  ['trivy', days(5, 1), 'stale-database'],
  ['govulncheck', days(60), undefined],
  ['govulncheck', days(60, 1), 'stale-database'],
  ['govulncheck', days(0, -301), 'future-database'],
  ['grype', '', 'stale-database'],
  ['grype', 'yesterday', 'stale-database'],
  ['a scanner of another version', days(1), undefined],
])('a database of %s from %s, with at most 5 days: %s', (scanner, builtAt, code) => {
  const known = scannerNamed(scanner) ?? 'grype';
  expect(databaseProblem({ scanner: known, builtAt }, '5d', now)?.code).toBe(code);
});

test('the message about an old database says which limit it exceeds', () => {
  expect(databaseProblem({ scanner: 'grype', builtAt: days(9) }, '5d', now)?.message).toContain('at most 5d');
  expect(databaseProblem({ scanner: 'govulncheck', builtAt: days(99) }, '5d', now)?.message).toContain('60d old');
  expect(databaseProblem({ scanner: 'grype', builtAt: '' }, '5d', now)?.message).toContain('an unknown time');
});

const risk = {
  id: 'CVE-2024-45338',
  package: 'golang.org/x/net',
  reason: 'parses only our own pages',
  owner: 'storefront',
  expires: '2026-12-31',
};

test.each([
  ['2026-11-23', 'expired-risk'],
  ['2026-11-24', undefined],
  ['2027-05-23', undefined],
  ['2027-05-24', 'risk-too-long'],
])('on 2026-11-24, with at most 180 days, a risk that is accepted until %s: %s', (expires, code) => {
  const policy = { acceptedRisks: [{ ...risk, expires }], riskMaxDuration: '180d' };
  expect(riskProblems(policy, now).map((problem) => problem.code)).toEqual(code === undefined ? [] : [code]);
  const { accepted, others } = divideByRisk([observation], policy, now);
  expect(accepted.map(({ observations }) => observations)).toEqual(code === undefined ? [[observation]] : []);
  expect(others).toEqual(code === undefined ? [] : [observation]);
});

test('a risk that accepts nothing is not among the accepted ones, and is no problem', () => {
  const policy = { acceptedRisks: [{ ...risk, package: 'golang.org/x/text' }], riskMaxDuration: '180d' };
  expect(divideByRisk([observation], policy, now)).toEqual({ accepted: [], others: [observation] });
  expect(riskProblems(policy, now)).toEqual([]);
});

const arm64: ScannedArtifact = { name: 'linux/arm64', kind: 'image', target: 'linux/arm64' };
const binary: ScannedArtifact = { name: 'hello-windows-amd64.exe', kind: 'binary', target: 'windows/amd64' };
const evidence = (parts: readonly ScannedArtifact[], reports: readonly ScanReport[] = []) => ({
  artifacts: parts,
  reports,
  databases: 'feed' as const,
});

test('there is an SBOM of an image, and the problem of each is named, in the order of their names', () => {
  const problem = { code: 'vacuous-sbom', message: 'empty' } as const;
  expect(sbomProblems(evidence([]))).toMatchObject([{ code: 'no-sbom' }]);
  expect(sbomProblems(evidence([binary]))).toMatchObject([{ code: 'no-sbom' }]);
  expect(sbomProblems(evidence([arm64, binary]))).toEqual([]);
  const broken = [binary, arm64, ...artifacts].map((each) => ({ ...each, sbomProblem: problem }));
  expect(sbomProblems(evidence(broken))).toEqual(
    ['hello-windows-amd64.exe', 'linux/amd64', 'linux/arm64'].map((name) => ({
      code: 'vacuous-sbom',
      message: `${name}: empty`,
    })),
  );
});

test('each scanner reports on each of its subjects, and on nothing else', () => {
  const parts = [...artifacts, arm64, binary];
  const missing = (reports: readonly ScanReport[]) =>
    reportProblems(evidence(parts, reports), scanners).map(({ code, message }) => `${code}: ${message}`);
  expect(missing([])).toEqual([
    'scanner-did-not-run: grype did not run on linux/amd64',
    'scanner-did-not-run: grype did not run on linux/arm64',
    'scanner-did-not-run: grype did not run on hello-windows-amd64.exe',
    'scanner-did-not-run: govulncheck did not run on linux/amd64',
    'scanner-did-not-run: govulncheck did not run on linux/arm64',
    'scanner-did-not-run: govulncheck did not run on windows/amd64',
    'scanner-did-not-run: trivy did not run on linux/amd64',
    'scanner-did-not-run: trivy did not run on linux/arm64',
    'scanner-did-not-run: trivy-config did not run',
    'scanner-did-not-run: checkov did not run',
  ]);
  const report = (scanner: (typeof scanners)[number], subject?: string): ScanReport => ({
    ok: true,
    scanner,
    observations: [],
    ...(subject === undefined ? {} : { subject }),
  });
  const complete = [
    ...parts.map(({ name }) => report('grype', name)),
    ...parts.map(({ target }) => report('govulncheck', target)),
    ...['linux/amd64', 'linux/arm64'].map((name) => report('trivy', name)),
    report('trivy-config'),
    report('checkov'),
  ];
  expect(missing(complete)).toEqual([]);
  expect(missing([...complete, report('trivy', binary.name)])).toEqual([
    'other-subject: expected reports of trivy on linux/amd64, linux/arm64, found one on hello-windows-amd64.exe',
  ]);
  expect(missing([...complete, report('checkov', 'x')])).toEqual([
    'other-subject: expected reports of checkov on the configuration files, found one on x',
  ]);
  expect(missing([...complete, report('grype')])).toEqual([
    `other-subject: expected reports of grype on ${parts.map(({ name }) => name).join(', ')}, found one on nothing`,
  ]);
});

const clean = (builtAt: string): readonly ScanReport[] => [
  ...(['grype', 'govulncheck', 'trivy'] as const).map((scanner) =>
    withSubject({ ok: true, scanner, observations: [], database: { builtAt } }),
  ),
  { ok: true, scanner: 'trivy-config', observations: [] },
  { ok: true, scanner: 'checkov', observations: [] },
];

test('the age of the fixture database does not count', () => {
  const reports = clean('2020-01-01T00:00:00Z');
  const policy = policyFor(defaultFindings, [], 'hello');
  expect(judgeFindings({ artifacts, reports, databases: 'fixture' }, policy, now).outcome).toBe('passed');
  expect(judgeFindings({ artifacts, reports, databases: 'feed' }, policy, now).outcome).toBe('inconclusive');
});

test('a verdict has each database once, and a finding without the path of its file', () => {
  const [first, ...others] = clean('2026-11-24T00:00:00Z');
  const found = withSubject({
    ok: true,
    scanner: 'trivy-config',
    observations: [{ ...observation, source: 'trivy-config', path: 'some/file', title: 'a title', aliases: [] }],
  });
  const reports = [first, ...others.filter(({ scanner }) => scanner !== 'trivy-config'), found] as ScanReport[];
  const second = { name: 'linux/arm64', kind: 'image', target: 'linux/amd64' } as const;
  const more = reports
    .filter(({ scanner }) => inputOf(scanner) === 'artifact' || inputOf(scanner) === 'image')
    .map((report) => ({ ...report, subject: second.name }));
  const policy = policyFor(defaultFindings, [], 'hello');
  const verdict = judgeFindings(
    { artifacts: [...artifacts, second], reports: [...reports, ...more], databases: 'feed' },
    policy,
    now,
  );
  expect(verdict.databases).toEqual(
    ['grype', 'govulncheck', 'trivy'].map((scanner) => ({ scanner, origin: 'feed', builtAt: '2026-11-24T00:00:00Z' })),
  );
  expect(verdict.findings).toHaveLength(1);
  expect(verdict.findings[0]).not.toHaveProperty('path');
});

test('findings have the order of their severity, then of their IDs and packages', () => {
  const each = (id: string, severity: typeof observation.severity, name = 'a') => ({
    ...observation,
    aliases: [],
    id,
    severity,
    package: name,
  });
  const observations = [
    each('CVE-2026-0002', 'low'),
    each('CVE-2026-0001', 'low', 'b'),
    each('CVE-2026-0001', 'low', 'a'),
    each('CVE-2026-0009', 'critical'),
    each('CVE-2026-0008', 'unknown'),
    each('CVE-2026-0003', 'medium'),
    each('CVE-2026-0005', 'high'),
    each('CVE-2026-0004', 'negligible'),
  ];
  const [, ...others] = clean('2026-11-24T00:00:00Z');
  const grype = withSubject({
    ok: true,
    scanner: 'grype',
    observations,
    database: { builtAt: '2026-11-24T00:00:00Z' },
  });
  const policy = policyFor(defaultFindings, [], 'hello');
  const { findings, outcome } = judgeFindings(
    { artifacts, reports: [grype, ...others], databases: 'feed' },
    policy,
    now,
  );
  expect(outcome).toBe('blocked');
  expect(findings.map((finding) => `${finding.id.slice(-1)}${finding.package} ${finding.decision}`)).toEqual([
    '9a blocks',
    '5a blocks',
    '8a blocks',
    '3a allowed',
    '1a allowed',
    '1b allowed',
    '2a allowed',
    '4a allowed',
  ]);
});

test('accepted findings have their place among the others', () => {
  const each = (id: string, name: string) => ({ ...observation, aliases: [], id, package: name });
  const [, ...others] = clean('2026-11-24T00:00:00Z');
  const grype = withSubject({
    ok: true,
    scanner: 'grype',
    observations: [each('CVE-2026-0002', 'a'), each('CVE-2026-0001', 'b'), each('CVE-2026-0001', 'a')],
    database: { builtAt: '2026-11-24T00:00:00Z' },
  });
  const risks = ['CVE-2026-0001', 'CVE-2026-0002'].map((id) => ({ ...risk, id, package: 'a' }));
  const policy = policyFor(defaultFindings, risks, 'hello');
  const { findings } = judgeFindings({ artifacts, reports: [grype, ...others], databases: 'feed' }, policy, now);
  expect(findings.map((finding) => `${finding.id.slice(-1)}${finding.package} ${finding.decision}`)).toEqual([
    '1a accepted',
    '1b blocks',
    '2a accepted',
  ]);
});

test('reports on something else are named in one order, whatever order they have', () => {
  const on = (subject: string | undefined, more: object) => ({ scanner: 'grype', subject, ...more });
  const good = { ok: true, observations: [], database: { builtAt: '2026-11-24T00:00:00Z' } };
  const bad = { ok: false, code: 'scanner-failed', message: 'it crashed' };
  const undated = { ok: true, observations: [] };
  const foreign = [
    on('C', undated),
    on(undefined, good),
    on('A', good),
    on('B', good),
    on(undefined, bad),
    on('A', bad),
    on('B', bad),
  ];
  const policy = policyFor(defaultFindings, [], 'hello');
  for (const order of [foreign, [...foreign].reverse()]) {
    const reports = [...(order as ScanReport[]), ...clean('2026-11-24T00:00:00Z')];
    const { reasons } = judgeFindings({ artifacts, reports, databases: 'feed' }, policy, now);
    expect(
      reasons.filter(({ code }) => code === 'other-subject').map(({ message }) => message.split(' on ').at(-1)),
    ).toEqual(['C', 'nothing', 'A', 'B', 'nothing', 'A', 'B']);
  }
});

test('a second report on the configuration files changes nothing, and one without its database is from an unknown time', () => {
  const [, ...others] = clean('2026-11-24T00:00:00Z');
  const policy = policyFor(defaultFindings, [], 'hello');
  const undated = withSubject({ ok: true, scanner: 'grype', observations: [] });
  const reports = [undated, ...others, ...others.filter(({ scanner }) => inputOf(scanner) === 'configuration')];
  const { reasons } = judgeFindings({ artifacts, reports, databases: 'feed' }, policy, now);
  expect(reasons).toEqual([
    { code: 'stale-database', message: 'the database of grype is from an unknown time; the policy allows at most 5d' },
  ]);
});

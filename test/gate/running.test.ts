import fc from 'fast-check';
import {
  findingsSince,
  judgeFindings,
  judgeRunning,
  type Observation,
  policyFor,
  type ScanReport,
} from '../../lib/gate';
import { knownObservation } from '../../lib/gate/known-observation';
import type { Finding } from '../../lib/release';
import { artifacts, defaultFindings, now, observation, withSubject } from './report-fixtures';

const database = { builtAt: '2026-11-24T00:00:00Z' };
const policy = policyFor(defaultFindings, [], 'hello');
const finding: Finding = {
  ...observation,
  aliases: ['CVE-2024-45338'],
  sources: ['grype', 'trivy'],
  decision: 'allowed',
  reason: 'below critical',
};
const called: Finding = {
  ...finding,
  sources: ['grype', 'govulncheck', 'trivy'],
  source: 'govulncheck',
  reachable: true,
};
const misconfiguration: Finding = {
  ...finding,
  id: 'KSV-0017',
  aliases: [],
  package: 'deployment.yaml',
  version: 'prod: Deployment.hello',
  title: 'Privileged',
  severity: 'high',
  source: 'trivy-config',
  sources: ['trivy-config'],
};

/** The reports of the scanners of SBOMs. */
function reports(observations: readonly Observation[]): readonly ScanReport[] {
  return (['grype', 'trivy'] as const).map((scanner) =>
    withSubject({
      ok: true,
      scanner,
      database,
      observations: observations.map((each) => ({ ...each, source: scanner })),
    }),
  );
}
const judge = (
  observations: readonly Observation[],
  signed: readonly Finding[],
  changes: Partial<typeof policy> = {},
) =>
  judgeRunning(
    { artifacts, reports: reports(observations), databases: 'feed' },
    signed,
    { ...policy, ...changes },
    now,
  );

test('grype and trivy alone must have looked it up', () => {
  expect(judge([], [])).toMatchObject({ outcome: 'passed', findings: [] });
  for (const missing of ['grype', 'trivy']) {
    const others = reports([]).filter(({ scanner }) => scanner !== missing);
    expect(judgeRunning({ artifacts, reports: others, databases: 'feed' }, [], policy, now)).toMatchObject({
      outcome: 'inconclusive',
      reasons: [{ code: 'scanner-did-not-run' }],
    });
  }
});

test('a stale database makes it inconclusive', () => {
  const stale = reports([]).map((report) => ({ ...report, database: { builtAt: '2026-10-01T00:00:00Z' } }));
  expect(judgeRunning({ artifacts, reports: stale, databases: 'feed' }, [], policy, now).outcome).toBe('inconclusive');
});

test('a finding that the databases have withdrawn is gone', () => {
  expect(judge([], [finding]).findings).toEqual([]);
});

test('a call that was found in the source blocks as long as the advisory is known', () => {
  expect(judge([observation], [called])).toMatchObject({
    outcome: 'blocked',
    findings: [
      { id: 'GHSA-w32m-9786-jp63', reachable: true, decision: 'blocks', reason: 'the vulnerable function is called' },
    ],
  });
});

test('severity is that of today', () => {
  const { findings } = judge([{ ...observation, severity: 'critical' }], [{ ...called, reachable: false }]);
  expect(findings).toMatchObject([{ severity: 'critical' }]);
});

test('a misconfiguration of the release counts as it was signed', () => {
  expect(judge([], [misconfiguration])).toMatchObject({
    outcome: 'blocked',
    findings: [{ id: 'KSV-0017', decision: 'blocks' }],
  });
  expect(judge([], [misconfiguration], { block: 'critical' }).outcome).toBe('passed');
});

test('a finding of a scanner that this version does not know counts by its severity', () => {
  const [known] = knownObservation({ ...finding, sources: ['lookout'] });
  expect(known).toMatchObject({ severity: 'high', reachable: false });
});

test('a scanner that this version does not know blocks beside one that follows calls', () => {
  const withdrawn = { ...finding, severity: 'critical', reachable: false } as const;
  for (const sources of [['lookout'], ['govulncheck', 'lookout'], ['lookout', 'govulncheck'], ['trivy', 'lookout']]) {
    expect([sources, judge([], [{ ...withdrawn, sources }])]).toMatchObject([
      sources,
      { outcome: 'blocked', findings: [{ severity: 'critical', decision: 'blocks' }] },
    ]);
  }
  expect(judge([], [{ ...withdrawn, sources: ['govulncheck'] }])).toMatchObject({
    outcome: 'passed',
    findings: [{ reason: 'the vulnerable function is not called' }],
  });
});

test('another source of a signed finding never lets it pass', () => {
  const source = fc.constantFrom('govulncheck', 'lookout', 'trivy-config', 'checkov', 'grype', 'trivy');
  const severity = fc.constantFrom('low' as const, 'high' as const, 'critical' as const);
  fc.assert(
    fc.property(
      fc.uniqueArray(source, { minLength: 1 }),
      fc.constantFrom('lookout', 'trivy-config', 'checkov'),
      severity,
      (sources, more, level) => {
        const outcomeOf = (names: readonly string[]) =>
          judge([], [{ ...finding, severity: level, sources: [...names] }]).outcome;
        fc.pre(outcomeOf([more]) === 'blocked');
        expect(outcomeOf([...sources, more])).toBe('blocked');
      },
    ),
  );
});

test('findings of scanners that look it up again are not taken from the verdict', () => {
  fc.assert(
    fc.property(fc.subarray(['grype', 'trivy'] as const, { minLength: 1 }), fc.boolean(), (sources, reachable) => {
      expect(knownObservation({ ...finding, sources: [...sources], reachable })).toEqual([]);
    }),
  );
});

test('a release that was judged a moment ago is judged the same by the same reports', () => {
  const severity = fc.constantFrom('unknown', 'low', 'medium', 'high', 'critical');
  const one = fc.record({
    id: fc.constantFrom('CVE-2026-0001', 'CVE-2026-0002', 'CVE-2026-0003'),
    package: fc.constantFrom('a', 'b'),
    severity,
    called: fc.constantFrom(undefined, false, true),
  });
  fc.assert(
    fc.property(fc.uniqueArray(one, { selector: (each) => each.id + each.package, maxLength: 5 }), (all) => {
      const found = all.map(
        (each): Observation => ({
          ...observation,
          aliases: [],
          id: each.id,
          package: each.package,
          severity: each.severity as Observation['severity'],
        }),
      );
      const calls = all.flatMap((each, index): readonly Observation[] =>
        each.called === undefined
          ? []
          : [{ ...(found[index] as Observation), source: 'govulncheck', severity: 'unknown', reachable: each.called }],
      );
      const others: readonly ScanReport[] = [
        withSubject({ ok: true, scanner: 'govulncheck', database, observations: calls }),
        { ok: true, scanner: 'trivy-config', observations: [] },
        { ok: true, scanner: 'checkov', observations: [] },
      ];
      const before = judgeFindings(
        { artifacts, reports: [...reports(found), ...others], databases: 'feed' },
        policy,
        now,
      );
      const { outcome, findings } = judge(found, before.findings);
      expect(outcome).toBe(before.outcome);
      expect(findings.map(({ id, decision }) => [id, decision])).toEqual(
        before.findings.map(({ id, decision }) => [id, decision]),
      );
      expect(findingsSince(before.findings, findings)).toEqual([]);
    }),
  );
});

test('what has become known since is distinguished by advisory and package', () => {
  const renamed = { ...finding, id: 'CVE-2024-45338', aliases: ['GO-2024-3333'] };
  const another = { ...finding, id: 'CVE-2026-0001', aliases: [] };
  const elsewhere = { ...finding, package: 'golang.org/x/text' };
  expect(findingsSince([finding], [renamed, another, elsewhere])).toEqual([another, elsewhere]);
  expect(findingsSince([], [finding])).toEqual([finding]);
  expect(findingsSince([finding], [])).toEqual([]);
});

test('each scanner that does not run again still says what it said, by the severity that it knows', () => {
  const { sources: _sources, decision: _decision, reason: _reason, ...found } = called;
  expect(knownObservation({ ...called, aliases: ['CVE-2024-45338', 'DSA-5764-1'] })).toEqual([
    { ...found, aliases: ['CVE-2024-45338'], severity: 'unknown', source: 'govulncheck' },
  ]);
  const { sources: _others, decision: _own, reason: _why, fixedIn: _fix, ...wrong } = misconfiguration;
  expect(knownObservation({ ...misconfiguration, fixedIn: undefined, sources: ['checkov', 'trivy-config'] })).toEqual([
    { ...wrong, source: 'checkov' },
    { ...wrong, source: 'trivy-config' },
  ]);
  const [known] = knownObservation({ ...finding, sources: ['lookout'], fixedIn: undefined });
  expect(known).toMatchObject({ source: 'grype', severity: 'high' });
  expect(Object.keys(known ?? {})).not.toContain('title');
  expect(Object.keys(known ?? {})).not.toContain('fixedIn');
});

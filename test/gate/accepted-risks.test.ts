import fc from 'fast-check';
import type { AcceptedRisk } from '../../lib/catalog';
import { judgeFindings, judgeSignedFindings, type Observation, policyFor, type ScanReport } from '../../lib/gate';
import { artifacts, defaultFindings, now, observation, withSubject } from './report-fixtures';

const [first, second] = ['CVE-2026-0001', 'CVE-2026-0002'] as const;
const ghsa = 'GHSA-2222-2222-2222';
const otherGhsa = 'GHSA-3333-3333-3333';
const go = 'GO-2026-0001';

const riskOf = (id: string, changes: Partial<AcceptedRisk> = {}): AcceptedRisk => ({
  id,
  package: 'libssl3t64',
  reason: 'not reachable: we never parse PKCS12',
  owner: 'storefront',
  expires: '2026-12-31',
  ...changes,
});
const seen = (id: string, aliases: readonly string[] = [], changes: Partial<Observation> = {}): Observation => ({
  ...observation,
  id,
  aliases,
  package: 'libssl3t64',
  source: 'trivy',
  ...changes,
});

const uncalled = { source: 'govulncheck', severity: 'unknown' } as const;

function judge(observations: readonly Observation[], risks: readonly AcceptedRisk[]) {
  const scanners = ['grype', 'trivy', 'govulncheck', 'trivy-config', 'checkov'] as const;
  const reports = scanners.map((scanner) =>
    withSubject({
      ok: true,
      scanner,
      observations: observations.filter(({ source }) => source === scanner),
      database: { builtAt: '2026-11-24T00:00:00Z' },
    } satisfies ScanReport),
  );
  return judgeFindings({ artifacts, reports, databases: 'feed' }, policyFor(defaultFindings, risks, 'hello'), now);
}
const decisions = (verdict: ReturnType<typeof judge>) =>
  Object.fromEntries(verdict.findings.map(({ id, decision }) => [id, decision]));

test('accepting one advisory of a bulletin does not accept the others', () => {
  const found = [
    seen(first, ['DSA-5764-1'], { severity: 'high' }),
    seen(second, ['DSA-5764-1'], { severity: 'critical' }),
  ];
  const verdict = judge(found, [riskOf(first)]);
  expect(verdict.outcome).toBe('blocked');
  expect(decisions(verdict)).toEqual({ [first]: 'accepted', [second]: 'blocks' });
});

test('the number of a bulletin accepts nothing that the bulletin fixes', () => {
  expect(judge([seen(first, ['DSA-5764-1'])], [riskOf('DSA-5764-1')]).outcome).toBe('blocked');
});

test.each([
  ['its own ID', ghsa],
  ['its CVE', first],
  ['the ID that another scanner has for its CVE', go],
])('a risk accepts an advisory by %s, for all scanners', (_, id) => {
  const found = [
    seen(ghsa, [first], { source: 'grype' }),
    seen(first, [], { source: 'trivy' }),
    seen(go, [first], { source: 'govulncheck', severity: 'unknown', reachable: true }),
  ];
  const verdict = judge(found, [riskOf(id)]);
  expect(verdict.outcome).toBe('passed');
  expect(verdict.findings).toHaveLength(1);
});

test('an advisory that covers two CVEs is accepted by its own ID, or by both CVEs', () => {
  const combined = seen(go, [first, second], { source: 'govulncheck', severity: 'unknown', reachable: true });
  expect(judge([combined], [riskOf(first)]).outcome).toBe('blocked');
  expect(judge([combined], [riskOf(first), riskOf(second)]).outcome).toBe('passed');
  expect(judge([combined], [riskOf(go)]).outcome).toBe('passed');
  expect(decisions(judge([combined, seen(second)], [riskOf(go)]))).toEqual({ [go]: 'accepted', [second]: 'blocks' });
});

test('the ID of an advisory that covers two CVEs accepts neither of them where it is reported alone', () => {
  const combined = seen(go, [first, second], { source: 'govulncheck', severity: 'unknown', reachable: true });
  expect(decisions(judge([combined, seen(first)], [riskOf(go)]))).toEqual({ [go]: 'accepted', [first]: 'blocks' });
});

test('what an ID stands for in another package does not matter', () => {
  const elsewhere = seen(go, [first, second], { ...uncalled, package: 'golang.org/x/net' });
  const verdict = judge([seen(first), seen(go, [first], uncalled), elsewhere], [riskOf(go)]);
  expect(verdict.findings.find(({ package: name }) => name === 'libssl3t64')).toMatchObject({ decision: 'accepted' });
});

test('an ID that scanners use for two CVEs accepts neither of them', () => {
  const found = [seen(first, [ghsa]), seen(second, [ghsa])];
  expect(decisions(judge(found, [riskOf(ghsa)]))).toEqual({ [first]: 'blocks', [second]: 'blocks' });
});

test.each<readonly [string, readonly Observation[], readonly string[]]>([
  ['neither of which has a CVE', [seen(go, [ghsa, otherGhsa], uncalled), seen(ghsa)], [ghsa]],
  ['of which one has a CVE', [seen(go, [ghsa, otherGhsa], uncalled), seen(first, [ghsa])], [first, ghsa]],
  ['and lists the CVE of one', [seen(go, [first, ghsa, otherGhsa], uncalled), seen(first, [ghsa])], [first, ghsa]],
  ['and that another scanner calls by that of one', [seen(ghsa, [go]), seen(go, [otherGhsa], uncalled)], [ghsa]],
])('accepting one GHSA does not accept another through an advisory that covers both, %s', (_, found, accepted) => {
  const other = seen(otherGhsa, [], { severity: 'critical' });
  for (const id of [...accepted, go]) {
    const verdict = judge([...found, other], [riskOf(id)]);
    expect([id, verdict.outcome, decisions(verdict)[otherGhsa]]).toEqual([id, 'blocked', 'blocks']);
  }
  expect(
    judge(
      [...found, other],
      [...accepted, otherGhsa].map((id) => riskOf(id)),
    ).outcome,
  ).toBe('passed');
});

test('an advisory that covers two GHSAs is accepted by its own ID, or by both', () => {
  const combined = seen(go, [ghsa, otherGhsa], { ...uncalled, reachable: true });
  expect(judge([combined], [riskOf(ghsa)]).outcome).toBe('blocked');
  expect(judge([combined], [riskOf(ghsa), riskOf(otherGhsa)]).outcome).toBe('passed');
  expect(judge([combined], [riskOf(go)]).outcome).toBe('passed');
  expect(decisions(judge([combined, seen(first, [ghsa])], [riskOf(first)]))).toEqual({
    [go]: 'blocks',
    [first]: 'accepted',
  });
});

test('a GHSA that names another one is accepted by both only', () => {
  expect(judge([seen(ghsa, [otherGhsa])], [riskOf(ghsa)]).outcome).toBe('blocked');
  expect(judge([seen(ghsa, [otherGhsa])], [riskOf(ghsa), riskOf(otherGhsa)]).outcome).toBe('passed');
});

test.each([
  ['2027-05-23', 'passed', []],
  ['2027-05-24', 'blocked', ['finding-blocks', 'risk-too-long']],
  ['2099-01-01', 'blocked', ['finding-blocks', 'risk-too-long']],
])('a risk until %s, with a maximum of 180 days: %s', (expires, outcome, codes) => {
  const verdict = judge([seen(first)], [riskOf(first, { expires })]);
  expect(verdict.outcome).toBe(outcome);
  expect(verdict.reasons.map(({ code }) => code)).toEqual(codes);
});

const names = [first, second, ghsa, otherGhsa, go, 'DSA-5764-1', 'RHSA-2024:3501'] as const;
const arbitraryObservation = fc
  .record({
    id: fc.constantFrom(...names),
    aliases: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
    severity: fc.constantFrom('unknown' as const, 'low' as const, 'high' as const, 'critical' as const),
    source: fc.constantFrom('grype' as const, 'trivy' as const, 'govulncheck' as const),
    reachable: fc.boolean(),
  })
  .map(({ id, aliases, ...rest }) => seen(id, aliases, rest));

test('accepting a CVE never accepts an observation that names another CVE', () => {
  fc.assert(
    fc.property(fc.array(arbitraryObservation, { maxLength: 6 }), (found) => {
      const verdict = judge(found, [riskOf(first)]);
      const accepted = verdict.findings.filter(({ decision }) => decision === 'accepted');
      for (const { id, aliases } of accepted) {
        expect([id, ...aliases]).not.toContain(second);
      }
    }),
    { numRuns: 500 },
  );
});

test('what blocks because of one CVE alone still blocks when another CVE is accepted', () => {
  fc.assert(
    fc.property(fc.array(arbitraryObservation, { maxLength: 6 }), (found) => {
      const critical = seen(second, ['DSA-5764-1'], { severity: 'critical' });
      expect(judge([...found, critical], [riskOf(first), riskOf('DSA-5764-1')]).outcome).toBe('blocked');
    }),
    { numRuns: 500 },
  );
});

test('what blocks because of one GHSA alone still blocks when other advisories are accepted', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryObservation, { maxLength: 6 }),
      fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }),
      (found, accepted) => {
        const critical = seen(otherGhsa, [], { severity: 'critical' });
        const isOther = ({ id, aliases }: Observation) =>
          id !== otherGhsa && (!aliases.includes(otherGhsa) || [id, ...aliases].includes(ghsa));
        const verdict = judge(
          [...found.filter(isOther), critical],
          accepted.filter((id) => id !== otherGhsa).map((id) => riskOf(id)),
        );
        expect(verdict.outcome).toBe('blocked');
      },
    ),
    { numRuns: 500 },
  );
});

test('every accepted finding has an accepted name, or what scanners list with its names has', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryObservation, { maxLength: 6 }),
      fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
      (found, accepted) => {
        const verdict = judge(
          found,
          accepted.map((id) => riskOf(id)),
        );
        for (const { id, aliases } of verdict.findings.filter(({ decision }) => decision === 'accepted')) {
          const connected = new Set([id, ...aliases]);
          for (const _ of found) {
            const listed = found.map((each) => [each.id, ...each.aliases]);
            for (const name of listed.filter((each) => each.some((one) => connected.has(one))).flat()) {
              connected.add(name);
            }
          }
          expect(accepted.some((name) => connected.has(name))).toBe(true);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('the signed findings of a verdict that passed pass again on the same day with the same policy', () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryObservation, { maxLength: 5 }),
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
      (found, accepted) => {
        const risks = accepted.map((id) => riskOf(id));
        const verdict = judge(found, risks);
        const again = judgeSignedFindings(verdict.findings, policyFor(defaultFindings, risks, 'hello'), now);
        fc.pre(verdict.outcome === 'passed');
        expect(again.blocking).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

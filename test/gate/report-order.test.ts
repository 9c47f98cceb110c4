import fc from 'fast-check';
import {
  judgeFindings,
  type Observation,
  policyFor,
  readGovulncheckReport,
  readGrypeReport,
  type ScanReport,
} from '../../lib/gate';
import {
  artifacts,
  defaultFindings,
  govulncheckOutput,
  grypeOutput,
  grypeSubject,
  mainPackage,
  now,
  observation,
  withSubject,
} from './report-fixtures';

const risk = {
  id: 'CVE-2026-0002',
  package: 'b',
  reason: 'parses only our own pages',
  owner: 'storefront',
  expires: '2026-12-31',
};
const policy = policyFor(defaultFindings, [risk], 'hello');

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  return list.length <= 1
    ? [list]
    : list.flatMap((first, index) =>
        permutations(list.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
      );
}

/** The verdicts of all orders of some reports, each once, as they are written. */
function verdictsOfAllOrders(reports: readonly ScanReport[]): readonly string[] {
  const verdicts = permutations(reports).map((order) =>
    judgeFindings({ artifacts, reports: order, databases: 'feed' }, policy, now),
  );
  return [...new Set(verdicts.map((verdict) => JSON.stringify(verdict)))];
}

const arbitraryObservations = fc.array(
  fc.record({
    id: fc.constantFrom('CVE-2026-0001', 'CVE-2026-0002', 'GHSA-2222-2222-2222', 'GO-2026-0001'),
    aliases: fc.uniqueArray(fc.constantFrom('CVE-2026-0001', 'CVE-2026-0002', 'GHSA-2222-2222-2222', 'GO-2026-0001'), {
      maxLength: 2,
    }),
    package: fc.constantFrom('a', 'b'),
    version: fc.constantFrom('v1.0.0', '1.0.0'),
    severity: fc.constantFrom('unknown', 'low', 'medium', 'high', 'critical'),
    fixedIn: fc.constantFrom(undefined, '1.2.0', 'v1.2.0', '1.10.0'),
    reachable: fc.boolean(),
  }),
  { maxLength: 3 },
);

const arbitraryReport: fc.Arbitrary<ScanReport> = fc
  .record({
    scanner: fc.constantFrom('grype', 'govulncheck', 'trivy', 'trivy-config', 'checkov'),
    observations: arbitraryObservations,
    builtAt: fc.constantFrom('2026-11-24T00:00:00Z', '2026-11-23T00:00:00Z', '2026-10-01T00:00:00Z', ''),
    failure: fc.option(fc.constantFrom('crashed', 'timed out'), { freq: 5, nil: undefined }),
  })
  .map(({ scanner, observations, builtAt, failure }): ScanReport => {
    const found = observations.map(
      (each): Observation => ({
        ...each,
        source: scanner,
        severity: scanner === 'govulncheck' ? 'unknown' : each.severity,
        reachable: scanner === 'govulncheck' && each.reachable,
      }),
    );
    return failure === undefined
      ? withSubject({ ok: true, scanner, observations: found, database: { builtAt } })
      : withSubject({ ok: false, scanner, code: 'scanner-failed', message: `${scanner} ${failure}` });
  });

test('every order of the reports gives the same verdict, in every byte', () => {
  fc.assert(
    fc.property(fc.array(arbitraryReport, { maxLength: 5 }), (reports) => {
      expect(verdictsOfAllOrders(reports)).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});

describe('an advisory of unknown severity', () => {
  const id = 'GO-2026-5932';
  const grypeReport = (severity: string) =>
    readGrypeReport(
      grypeOutput({
        matches: [
          {
            vulnerability: { id, severity, fix: { versions: [], state: 'unknown' } },
            artifact: { name: 'golang.org/x/crypto', version: 'v0.54.0' },
          },
        ],
      }),
      grypeSubject,
    );
  const callReport = (place: object) =>
    readGovulncheckReport(
      govulncheckOutput([
        { osv: { id, aliases: [] } },
        { finding: { osv: id, trace: [{ module: 'golang.org/x/crypto', version: 'v0.54.0', ...place }] } },
      ]),
      mainPackage,
    );
  const trivyReport = (severity: Observation['severity']): ScanReport => ({
    ok: true,
    scanner: 'trivy',
    database: { builtAt: '2026-11-24T00:00:00Z' },
    observations: [
      {
        ...observation,
        id: 'CVE-2026-0009',
        aliases: [id],
        package: 'golang.org/x/crypto',
        version: '0.54.0',
        severity,
        fixedIn: undefined,
        source: 'trivy',
      },
    ],
  });
  const configurationReports: readonly ScanReport[] = [
    { ok: true, scanner: 'trivy-config', observations: [] },
    { ok: true, scanner: 'checkov', observations: [] },
  ];
  const notCalled = callReport({});
  const called = callReport({ package: 'golang.org/x/crypto/openpgp', function: 'ReadMessage' });
  const silent: ScanReport = { ...(notCalled as Extract<ScanReport, { ok: true }>), observations: [] };

  test.each([
    ['that is not called is allowed', grypeReport('Unknown'), notCalled, 'unknown', 'passed'],
    ['that is called blocks', grypeReport('Unknown'), called, 'unknown', 'blocked'],
    ['of which the calls say nothing counts as the policy says', grypeReport('Unknown'), silent, 'unknown', 'blocked'],
    ['which another scanner knows as high blocks', grypeReport('Unknown'), notCalled, 'high', 'blocked'],
    ['which another scanner knows as low is allowed', grypeReport('Unknown'), silent, 'low', 'passed'],
  ] as const)('%s, in any order', (_, grype, calls, trivySeverity, outcome) => {
    const verdicts = verdictsOfAllOrders(
      [grype, calls, trivyReport(trivySeverity), ...configurationReports].map(withSubject),
    );
    expect(verdicts).toHaveLength(1);
    expect(JSON.parse(verdicts[0] ?? '')).toMatchObject({ outcome, findings: [{ package: 'golang.org/x/crypto' }] });
  });

  test('that is not called says so, and names the scanner that follows calls', () => {
    const [verdict = ''] = verdictsOfAllOrders(
      [grypeReport('Unknown'), notCalled, trivyReport('unknown'), ...configurationReports].map(withSubject),
    );
    expect(JSON.parse(verdict).findings).toMatchObject([
      {
        id,
        aliases: ['CVE-2026-0009'],
        source: 'govulncheck',
        decision: 'allowed',
        reason: 'the vulnerable function is not called',
      },
    ]);
  });
});

import fc from 'fast-check';
import { mergeObservations, type Observation } from '../../lib/gate';
import { observation } from './report-fixtures';

const called: Observation = {
  ...observation,
  id: 'GO-2024-3333',
  aliases: ['CVE-2024-45338'],
  severity: 'unknown',
  source: 'govulncheck',
  reachable: true,
};

test('merges one advisory from two scanners: the known severity, reachable if either says so', () => {
  for (const order of [
    [observation, called],
    [called, observation],
  ]) {
    const merged = mergeObservations(order);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({
      id: observation.id,
      aliases: ['CVE-2024-45338', 'GO-2024-3333'],
      severity: 'high',
      source: 'grype',
      sources: ['grype', 'govulncheck'],
      reachable: true,
    });
  }
});

test('an advisory that covers two CVEs does not merge them', () => {
  const first = { ...observation, id: 'CVE-2026-0001', aliases: [] };
  const second = { ...observation, id: 'CVE-2026-0002', aliases: [] };
  const both = { ...observation, id: 'GO-2026-0001', aliases: ['CVE-2026-0002', 'CVE-2026-0001'] };
  expect(mergeObservations([first, second])).toHaveLength(2);
  for (const order of [
    [first, second, both],
    [both, second, first],
    [first, both, second],
  ]) {
    expect(mergeObservations(order).map(({ id }) => id)).toEqual(['CVE-2026-0001', 'CVE-2026-0002', 'GO-2026-0001']);
  }
});

test('an advisory that covers two GHSAs does not merge them', () => {
  const ghsas = ['GHSA-2222-2222-2222', 'GHSA-3333-3333-3333'] as const;
  const alone = ghsas.map((id) => ({ ...observation, id, aliases: [] }));
  const both = { ...observation, id: 'GO-2026-0001', aliases: ghsas };
  const ids = (list: readonly Observation[]) => mergeObservations(list).map(({ id }) => id);
  expect(ids([...alone, both])).toEqual([...ghsas, both.id]);
  const known = { ...observation, id: 'CVE-2026-0001', aliases: [ghsas[0]] };
  expect(ids([both, known, ...alone])).toEqual([known.id, ghsas[1], both.id]);
  // Which of the two has the CVE is not said.
  const listed = { ...both, aliases: [known.id, ...ghsas] };
  expect(ids([listed, ...alone])).toEqual([...ghsas, both.id]);
});

test('names connect advisories of which no scanner knows a CVE, also through a third one', () => {
  const ghsa = 'GHSA-2222-2222-2222';
  const names = [
    { ...observation, id: 'GO-2026-0001', aliases: [ghsa] },
    { ...observation, id: 'GO-2026-0002', aliases: [ghsa] },
    { ...observation, id: ghsa, aliases: [] },
  ];
  expect(mergeObservations(names)).toHaveLength(1);
  expect(mergeObservations([...names, { ...observation, id: 'CVE-2026-0001', aliases: [ghsa] }])).toHaveLength(1);
});

test.each([
  'DSA-5764-1',
  'DLA-3770-1',
  'RHSA-2024:3501',
  'USN-6750-1',
  'ELSA-2024-3501',
  'ALAS-2024-1',
  'GLSA-202405-01',
])('a bulletin, such as %s, is no other name of what it fixes', (bulletin) => {
  const first = { ...observation, id: 'CVE-2026-0001', aliases: [bulletin] };
  const second = { ...observation, id: 'CVE-2026-0002', aliases: [bulletin] };
  expect(mergeObservations([first, second])).toMatchObject([
    { id: 'CVE-2026-0001', aliases: [] },
    { id: 'CVE-2026-0002', aliases: [] },
  ]);
});

test('the fix is the latest version that a scanner names, and of equal ones the plain number', () => {
  const fixedIn = (...versions: readonly (string | undefined)[]) =>
    mergeObservations(versions.map((version) => ({ ...observation, fixedIn: version })))[0]?.fixedIn;
  expect(fixedIn('v0.33.0', '0.33.0')).toBe('0.33.0');
  expect(fixedIn('0.9.0', 'v0.10.0')).toBe('v0.10.0');
  expect(fixedIn(undefined, '0.33.0')).toBe('0.33.0');
  expect(fixedIn(undefined, undefined)).toBeUndefined();
});

const names = [
  'CVE-2026-0001',
  'CVE-2026-0002',
  'GHSA-2222-2222-2222',
  'GHSA-3333-3333-3333',
  'GO-2026-0001',
  'GO-2026-0002',
  'DSA-5764-1',
] as const;
/** Observations whose names, severities, fixes and texts overlap in every way. */
const arbitraryObservation: fc.Arbitrary<Observation> = fc.record(
  {
    id: fc.constantFrom(...names),
    aliases: fc.uniqueArray(fc.constantFrom(...names)),
    package: fc.constantFrom('a', 'b'),
    version: fc.constantFrom('v1.0.0', '1.0.0'),
    path: fc.constantFrom('x/a', 'y/a'),
    title: fc.constantFrom('one', 'two'),
    severity: fc.constantFrom('unknown', 'negligible', 'low', 'medium', 'high', 'critical'),
    fixedIn: fc.option(fc.constantFrom('1.2.0', 'v1.2.0', '1.10.0', '1.2.0, 1.3.1'), { nil: undefined }),
    source: fc.constantFrom('grype', 'govulncheck', 'trivy', 'trivy-config', 'checkov'),
    reachable: fc.boolean(),
  },
  { requiredKeys: ['id', 'aliases', 'package', 'version', 'severity', 'source', 'reachable'] },
);

test('merging is commutative: every permutation gives the same', () => {
  fc.assert(
    fc.property(
      fc
        .array(arbitraryObservation, { maxLength: 7 })
        .chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
        ),
      ([list, shuffled]) => {
        expect(mergeObservations(shuffled)).toEqual(mergeObservations(list));
      },
    ),
    { numRuns: 1000 },
  );
});

test('merging is idempotent: a report that is handed over twice changes nothing', () => {
  fc.assert(
    fc.property(fc.array(arbitraryObservation, { maxLength: 5 }), (list) => {
      expect(mergeObservations([...list, ...list])).toEqual(mergeObservations(list));
    }),
    { numRuns: 300 },
  );
});

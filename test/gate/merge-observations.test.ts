import fc from 'fast-check';
import { mergeObservations, type Observation } from '../../lib/gate';
import { type MergedObservation, mergeTwo } from '../../lib/gate/merge-observations';
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

const single = (changes: Partial<MergedObservation>): MergedObservation => ({
  ...observation,
  id: 'CVE-2026-0001',
  aliases: [],
  sources: [changes.source ?? 'grype'],
  ...changes,
});

test.each<[string, Partial<MergedObservation>, Partial<MergedObservation>]>([
  ['a worse severity', { severity: 'low' }, { severity: 'negligible' }],
  ['the worst severity', { severity: 'critical', source: 'checkov' }, { severity: 'high', source: 'govulncheck' }],
  ['a known severity', { severity: 'negligible', source: 'checkov' }, { severity: 'unknown', source: 'govulncheck' }],
  ['a scanner that follows calls', { source: 'govulncheck' }, { source: 'grype' }],
  ['a scanner that follows calls, of another ID', { source: 'govulncheck', id: 'GO-2026-0001' }, { source: 'grype' }],
  ['an earlier scanner of the table', { source: 'grype', id: 'GO-2026-0001' }, { source: 'trivy' }],
  ['the first ID', {}, { id: 'CVE-2026-0002', version: '0' }],
  ['the first version', { version: 'v1', path: 'z' }, { version: 'v2', path: 'a' }],
  ['no path', { path: undefined, title: 'z' }, { path: 'a', title: 'a' }],
  ['the first path', { path: 'a', title: 'z' }, { path: 'b', title: 'a' }],
  ['no title', { title: undefined }, { title: 'a' }],
  ['no title, beside one in capitals', { title: undefined }, { title: 'A' }],
  ['the first title', { title: 'a' }, { title: 'b' }],
])('the observation with %s describes a merged one', (_, greater, lesser) => {
  const [a, b] = [single(greater), single(lesser)];
  for (const merged of [mergeTwo(a, b), mergeTwo(b, a)]) {
    const { severity, source, id, version, path, title } = merged;
    expect({ severity, source, id, version, path, title }).toEqual({
      severity: a.severity,
      source: a.source,
      id: a.id,
      version: a.version,
      path: a.path,
      title: a.title,
    });
  }
});

test('a merged observation has the names, the scanners and the calls of both, sorted', () => {
  const a = single({ source: 'trivy', aliases: ['GO-2026-0002', 'GHSA-2222-2222-2222'], reachable: true });
  const b = single({ source: 'grype', id: 'GHSA-3333-3333-3333', aliases: ['GO-2026-0001', 'DSA-5764-1'] });
  for (const merged of [mergeTwo(a, b), mergeTwo(b, a)]) {
    expect(merged).toMatchObject({
      id: 'GHSA-3333-3333-3333',
      aliases: ['CVE-2026-0001', 'GHSA-2222-2222-2222', 'GO-2026-0001', 'GO-2026-0002'],
      sources: ['grype', 'trivy'],
      reachable: true,
    });
  }
  expect(mergeTwo(b, b)).toMatchObject({ sources: ['grype'], reachable: false });
});

test.each([
  ['0.33.0', '0.34.0', '0.34.0'],
  ['0.33.0', 'v0.33.1', 'v0.33.1'],
  ['0.33', '0.33.0', '0.33.0'],
  ['9.0.0', '10.0.0', '10.0.0'],
  ['1.2.9', '1.10.0', '1.10.0'],
  ['1', '1.0', '1.0'],
  ['', '0', '0'],
  ['none', '0', '0'],
  ['a', 'b', 'a'],
  ['0.33.0', 'v0.33.0', '0.33.0'],
  ['1.2.0, 1.3.1', '1.3.0', '1.3.0'],
])('of the fixes %j and %j, the later one is %j', (first, second, later) => {
  for (const [a, b] of [
    [first, second],
    [second, first],
  ]) {
    expect(mergeTwo(single({ fixedIn: a }), single({ fixedIn: b })).fixedIn).toBe(later);
  }
});

test('merged observations have the order of their packages, then of their IDs', () => {
  const each = (name: string, id: string) => ({ ...observation, package: name, id, aliases: [] });
  const sorted = [
    each('a', 'CVE-2026-0001'),
    each('a', 'CVE-2026-0002'),
    each('b', 'CVE-2026-0001'),
    each('b', 'CVE-2026-0003'),
  ];
  const names = (list: readonly Observation[]) => mergeObservations(list).map(({ package: name, id }) => [name, id]);
  expect(names([...sorted].reverse())).toEqual(sorted.map(({ package: name, id }) => [name, id]));
  expect(names([...sorted.slice(2), ...sorted.slice(0, 2)])).toEqual(names(sorted));
});

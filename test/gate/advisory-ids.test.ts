import type { Observation } from '../../lib/gate';
import { equivalentIds, identifyVulnerabilities, isAdvisoryId } from '../../lib/gate/advisory-ids';
import { observation } from './report-fixtures';

test.each([
  'CVE-2026-0001',
  'CVE-1999-123456',
  'GHSA-2222-2222-2222',
  'GHSA-w32m-9786-jp63',
  'GO-2026-0001',
  'GO-2026-12345',
])('%s names one vulnerability', (id) => {
  expect(isAdvisoryId(id)).toBe(true);
});

test.each([
  '',
  'CVE-2026-001',
  'CVE-026-0001',
  'CVE-20260-0001',
  'CVE-2026-000a',
  'CVE-202a-0001',
  'cve-2026-0001',
  'xCVE-2026-0001',
  'CVE-2026-0001x',
  'CVE-2026-0001\n',
  'GHSA-2222-2222',
  'GHSA-2222-2222-2222-2222',
  'GHSA-2222-2222-222',
  'GHSA-2222-2222-22222',
  'GHSA-aaaa-2222-2222',
  'GHSA-W32M-9786-JP63',
  'xGHSA-2222-2222-2222',
  'GHSA-2222-2222-2222x',
  'GO-2026-001',
  'GO-026-0001',
  'GO-2026-000a',
  'GO-202a-0001',
  'xGO-2026-0001',
  'GO-2026-0001x',
  'DSA-5764-1',
  'RHSA-2024:3501',
])('%j does not name one vulnerability', (id) => {
  expect(isAdvisoryId(id)).toBe(false);
});

test('the other names of an advisory are those that name one vulnerability, each once', () => {
  const listed = ['GO-2026-0001', 'CVE-2026-0001', 'DSA-5764-1', 'GO-2026-0001', 'GHSA-2222-2222-2222'];
  expect(equivalentIds('CVE-2026-0001', listed)).toEqual(['GO-2026-0001', 'GHSA-2222-2222-2222']);
  expect(equivalentIds('DSA-5764-1', [])).toEqual([]);
});

const [cve, otherCve] = ['CVE-2026-0001', 'CVE-2026-0002'] as const;
const [ghsa, otherGhsa] = ['GHSA-2222-2222-2222', 'GHSA-3333-3333-3333'] as const;
const [go, otherGo] = ['GO-2026-0001', 'GO-2026-0002'] as const;

type Names = readonly [id: string, ...aliases: readonly string[]];
const seen = ([id, ...aliases]: Names, name = 'a'): Observation => ({ ...observation, id, aliases, package: name });
const identities = (...all: readonly Names[]) => {
  const observations = all.map((names) => seen(names));
  const found = identifyVulnerabilities(observations);
  return observations.map((each) => found.get(each)?.identity);
};

test.each<[string, readonly Names[], readonly (readonly string[])[]]>([
  ['its CVE', [[cve]], [[cve]]],
  ['the CVE that it lists', [[go, ghsa, cve]], [[cve]]],
  ['each CVE that it lists, sorted', [[go, otherCve, cve]], [[cve, otherCve]]],
  ['its GHSA without a CVE', [[go, ghsa]], [[ghsa]]],
  ['its GO ID without a GHSA', [[go]], [[go]]],
  ['its own ID without any of them', [['DSA-5764-1']], [['DSA-5764-1']]],
  ['its own ID, beside a bulletin', [['TEMP-0000001-000000', 'DSA-5764-1']], [['TEMP-0000001-000000']]],
  ['the CVE of its bulletin', [['DSA-5764-1', cve]], [[cve]]],
  ['the CVE that another scanner lists with its GHSA', [[ghsa], [cve, ghsa]], [[cve], [cve]]],
  [
    'each CVE that scanners list with its GHSA',
    [[ghsa], [cve, ghsa], [otherCve, ghsa]],
    [[cve, otherCve], [cve], [otherCve]],
  ],
  ['the GHSA that another scanner lists with its GO ID', [[go], [ghsa, go]], [[ghsa], [ghsa]]],
  ['the CVE of the GHSA of its GO ID', [[go], [ghsa, go], [cve, ghsa]], [[cve], [cve], [cve]]],
  ['the CVE that is listed with its GO ID', [[go], [cve, go]], [[cve], [cve]]],
  ['its own GHSA, if two are listed with one CVE', [[ghsa], [cve, ghsa, otherGhsa]], [[ghsa], [cve]]],
  ['its own GO ID, if two are listed with one GHSA', [[go], [ghsa, go, otherGo]], [[go], [ghsa]]],
  [
    'its own GHSA and the CVE that is its alone',
    [[ghsa], [cve, ghsa, otherGhsa], [otherCve, ghsa]],
    [[otherCve, ghsa].sort(), [cve], [otherCve]],
  ],
  ['the CVE that its GHSA and a GO ID have', [[ghsa], [cve, ghsa, go]], [[cve], [cve]]],
])('what identifies a vulnerability is %s', (_, all, expected) => {
  expect(identities(...all)).toEqual(expected);
  expect(identities(...[...all].reverse())).toEqual([...expected].reverse());
});

test('the same names in another package are another vulnerability', () => {
  const here = seen([ghsa]);
  const there = seen([cve, ghsa], 'b');
  const found = identifyVulnerabilities([here, there]);
  expect(found.get(here)).toEqual({ key: JSON.stringify(['a', ghsa]), names: new Set([ghsa]), identity: [ghsa] });
  expect(found.get(there)).toEqual({ key: JSON.stringify(['b', cve]), names: new Set([cve, ghsa]), identity: [cve] });
});

import { allChecks, type Check, judge, parsePublicKeys, readFacts, runningChecks, verify } from '../../lib/verify';
import { newPublicKey } from '../evidence/public-key';
import { type Changes, world } from '../evidence/world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');
const withoutCatalog = { expected: { catalog: null } };

/** The result of each check. */
async function results(change: Changes) {
  const { location, readers, expected, now } = world(change);
  const { outcome, checks } = await verify({ location, keys, expected, now, readers });
  return { outcome, checks: Object.fromEntries(checks.map((check) => [check.id, check])) };
}

const notPassed = ({ checks }: Awaited<ReturnType<typeof results>>) =>
  Object.fromEntries(
    Object.values(checks)
      .filter(({ outcome }) => outcome !== 'passed')
      .map((check) => [check.id, 'code' in check ? check.code : check.outcome]),
  );

test('the checks have these names, and these codes of failures', () => {
  expect(allChecks.map(({ id, codes }) => [id, ...codes])).toEqual([
    ['image', 'image-missing', 'image-malformed', 'platform-unnamed', 'platform-unknown', 'platform-twice'],
    ['repository', 'other-repository'],
    ['signature', 'no-signature', 'key-mismatch'],
    ['service', 'no-signature'],
    ['verdict', 'no-verdict', 'verdict-malformed'],
    ['record', 'no-verdict'],
    ['verdict-subject', 'verdict-subject-mismatch', 'other-service'],
    ['platforms', 'platform-mismatch'],
    ['source', 'other-source', 'other-ref'],
    ['commit', 'other-commit'],
    ['outcome', 'verdict-not-passed'],
    ['verdict-age', 'stale-verdict', 'future-verdict'],
    ['database-origin', 'fixture-verdict'],
    ['database-age', 'stale-database', 'future-database'],
    ['scanners', 'scanner-missing'],
    ['findings', 'finding-blocks', 'expired-risk'],
    ['later-verdict', 'verdict-superseded'],
    ['sboms', 'no-sbom', 'vacuous-sbom', 'sbom-unreadable', 'sbom-subject-mismatch'],
    ['provenance', 'no-provenance', 'provenance-mismatch'],
  ]);
  expect(runningChecks.map(({ id }) => id)).toEqual([
    'image',
    'repository',
    'signature',
    'service',
    'verdict',
    'verdict-subject',
    'platforms',
    'outcome',
    'database-origin',
    'scanners',
    'later-verdict',
    'sboms',
  ]);
});

test('what only the catalog knows is skipped without one', async () => {
  const found = await results(withoutCatalog);
  expect(found.outcome).toBe('verified');
  expect(notPassed(found)).toEqual({
    repository: 'skipped',
    record: 'skipped',
    source: 'skipped',
    'verdict-age': 'skipped',
    'database-age': 'skipped',
    findings: 'skipped',
  });
});

test('what only a pipeline knows is skipped without one', async () => {
  const found = await results({ expected: { commit: null } });
  expect(found.outcome).toBe('verified');
  expect(notPassed(found)).toEqual({ record: 'skipped', commit: 'skipped' });
});

test('without a catalog, an old verdict and old databases are skipped, and those of the future fail', async () => {
  const built = (builtAt: string) => ({
    predicate: {
      verdict: {
        databases: ['grype', 'govulncheck', 'trivy'].map((scanner) => ({ scanner, origin: 'feed', builtAt })),
      },
    },
  });
  expect(notPassed(await results({ ...withoutCatalog, ...built('1900-01-01T00:00:00Z') }))['database-age']).toBe(
    'skipped',
  );
  expect(notPassed(await results({ ...withoutCatalog, ...built('2026-12-30T00:00:00Z') }))['database-age']).toBe(
    'future-database',
  );
  const scanned = (scannedAt: string) => ({ ...withoutCatalog, predicate: { scannedAt } });
  expect(notPassed(await results(scanned('1990-01-01T00:00:00Z')))['verdict-age']).toBe('skipped');
  expect(notPassed(await results(scanned('2026-12-30T00:00:00Z')))['verdict-age']).toBe('future-verdict');
});

test.each([
  ['2026-11-30T12:05:00Z', undefined],
  ['2026-11-30T12:05:01Z', 'future-verdict'],
  ['2026-11-23T12:00:00Z', undefined],
  ['2026-11-23T11:59:59Z', 'stale-verdict'],
])('at noon of November 30, with at most 7 days, a scan at %s gives %s', async (scannedAt, code) => {
  expect(notPassed(await results({ predicate: { scannedAt } }))['verdict-age']).toBe(code);
});

test('without a service, the signature is compared with the service of the verdict', async () => {
  const expected = { service: null };
  expect((await results({ expected })).outcome).toBe('verified');
  expect(notPassed(await results({ expected, claims: [{ optional: { 'bowline.service': 'other' } }] })).service).toBe(
    'no-signature',
  );
  expect(notPassed(await results({ expected, predicate: 'none' })).service).toBe('skipped');
});

test('without a class, any class of environments is enough, and none is not', async () => {
  const expected = { class: null };
  const claims = [{ optional: { 'bowline.class': 'nonproduction' } }];
  expect((await results({ expected, claims })).outcome).toBe('verified');
  expect(notPassed(await results({ expected, claims: [{ optional: { 'bowline.class': null } }] })).signature).toBe(
    'no-signature',
  );
});

test('the class and the service are of one signature', async () => {
  const claims = [{ optional: { 'bowline.class': 'nonproduction' } }, { optional: { 'bowline.service': 'other' } }];
  expect(notPassed(await results({ claims }))).toEqual({ record: 'skipped', service: 'no-signature' });
});

test('annotations that are no texts do not count', async () => {
  const claims = [{ optional: { 'bowline.service': ['hello'] } }];
  expect(notPassed(await results({ claims })).service).toBe('no-signature');
});

test('a scan by the fixture database passes where it is allowed', async () => {
  const databases = ['grype', 'govulncheck', 'trivy'].map((scanner) => ({
    scanner,
    origin: 'fixture',
    builtAt: '2020-01-01T00:00:00Z',
  }));
  const predicate = { verdict: { databases } };
  expect(notPassed(await results({ predicate }))['database-origin']).toBe('fixture-verdict');
  expect((await results({ predicate, expected: { databases: 'fixture' } })).outcome).toBe('verified');
});

test('checks that need an image or a verdict are skipped without one, and the others are not', async () => {
  const found = await results({ registry: { $index: { kind: 'absent' } }, predicate: 'none' });
  expect(found.outcome).toBe('not-verified');
  expect(notPassed(found)).toEqual({
    image: 'image-missing',
    verdict: 'verdict-malformed',
    record: 'skipped',
    ...Object.fromEntries(
      ['verdict-subject', 'platforms', 'source', 'commit', 'outcome', 'verdict-age', 'database-origin'].map((id) => [
        id,
        'skipped',
      ]),
    ),
    ...Object.fromEntries(
      ['database-age', 'scanners', 'findings', 'later-verdict', 'sboms', 'provenance'].map((id) => [id, 'skipped']),
    ),
  });
  const imageless = await results({ registry: { $index: { kind: 'absent' } } });
  expect(notPassed(imageless)).toEqual({
    image: 'image-missing',
    record: 'skipped',
    platforms: 'skipped',
    sboms: 'skipped',
  });
});

test('an answer about an SBOM that is not known makes the result inconclusive, whatever else is wrong with the SBOMs', async () => {
  const found = await results({
    answers: { 'sbom linux/arm64': 'connection-refused' },
    sboms: { 'linux/amd64': [{ components: [] }] },
  });
  expect(found.checks.sboms).toMatchObject({ outcome: 'inconclusive', code: 'evidence-unreadable' });
});

test.each(allChecks.map((check) => [check.id, check] as const))(
  '%s says what is required, and what was found',
  async (_, check: Check) => {
    expect(check.title).not.toBe('');
    const { location, readers, expected, now } = world({ record: {} });
    const facts = await readFacts(readers, location, keys);
    const { checks } = judge({ location, facts, expected, now, checks: [check] });
    expect(checks).toEqual([
      { id: check.id, title: check.title, outcome: 'passed', message: expect.stringMatching(/./) },
    ]);
  },
);

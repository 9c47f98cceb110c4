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

const withFacts = async (
  changes: Partial<Awaited<ReturnType<typeof readFacts>>['keys'][number]>,
  change: Changes = {},
) => {
  const { location, readers, expected, now } = world(change);
  const facts = await readFacts(readers, location, keys);
  const judged = judge({
    location,
    facts: { ...facts, keys: facts.keys.map((key) => ({ ...key, ...changes })) },
    expected,
    now,
  });
  return { outcome: judged.outcome, checks: Object.fromEntries(judged.checks.map((check) => [check.id, check])) };
};

test.each([
  ['absent', 'no-signature'],
  ['other-annotations', 'no-signature'],
  ['other-key', 'key-mismatch'],
] as const)('a signature that does not verify because it is %s has the code %s', async (failure, code) => {
  expect(notPassed(await withFacts({ signatures: { kind: 'not-signed', failure } }))).toEqual({
    signature: code,
    service: 'skipped',
    record: 'skipped',
  });
});

test('without a service, a signature of any class counts only with its service', async () => {
  const expected = { service: null, class: null };
  expect((await results({ expected, claims: [{ optional: { 'bowline.class': 'nonproduction' } }] })).outcome).toBe(
    'verified',
  );
  expect(notPassed(await results({ expected, claims: [{ optional: { 'bowline.service': null } }] })).service).toBe(
    'no-signature',
  );
});

test('of signatures for several classes and services, one must be for both', async () => {
  const good = {};
  const other = { optional: { 'bowline.class': 'nonproduction', 'bowline.service': 'other' } };
  for (const claims of [
    [good, other],
    [other, good],
  ]) {
    expect((await results({ claims })).outcome).toBe('verified');
  }
});

test('a verdict that did not pass fails by its own outcome, not as a later one', async () => {
  for (const outcome of ['blocked', 'inconclusive']) {
    expect(notPassed(await results({ predicate: { verdict: { outcome } } }))).toEqual({
      record: 'skipped',
      outcome: 'verdict-not-passed',
    });
  }
});

test.each([
  ['later', '2026-11-30T11:00:00Z', 'blocked', 'verdict-superseded'],
  ['of the same time', '2026-11-30T10:00:00Z', 'inconclusive', 'verdict-superseded'],
  ['earlier', '2026-11-30T09:59:59Z', 'blocked', undefined],
  ['later', '2026-11-30T11:00:00Z', 'passed', undefined],
])('beside the verdict of a record, one that is %s (%s) and %s gives %s', async (_, scannedAt, outcome, code) => {
  const found = await results({ record: {}, moreVerdicts: [{ scannedAt, verdict: { outcome } }] });
  expect(notPassed(found)).toEqual(code === undefined ? {} : { 'later-verdict': code });
});

test.each(['grype', 'govulncheck', 'trivy'])('a verdict needs a version and a database of %s', async (name) => {
  const { predicate } = { predicate: world({ record: {} }).expected.record };
  const tools = predicate?.tools.filter((tool) => tool.name !== name);
  const databases = predicate?.verdict.databases.filter(({ scanner }) => scanner !== name);
  expect(notPassed(await results({ predicate: { tools } })).scanners).toBe('scanner-missing');
  expect(notPassed(await results({ predicate: { verdict: { databases } } })).scanners).toBe('scanner-missing');
});

test('an answer about provenance or verdicts that is not known makes them inconclusive', async () => {
  const unknown = { kind: 'unknown', message: 'no answer' } as const;
  const found = await withFacts({ provenances: unknown });
  expect(found.outcome).toBe('inconclusive');
  expect(notPassed(found)).toEqual({ record: 'skipped', provenance: 'evidence-unreadable' });
  expect(notPassed(await withFacts({ verdicts: unknown }))).toMatchObject({ verdict: 'evidence-unreadable' });
  expect(notPassed(await withFacts({ signatures: unknown }))).toMatchObject({ signature: 'evidence-unreadable' });
});

test('without SBOMs of a platform there is none, and of a problem with one the code is its own', async () => {
  const { sboms } = (await readFacts(world({}).readers, world({}).location, keys)).keys[0] ?? {};
  expect(notPassed(await withFacts({ sboms: { 'linux/amd64': sboms?.['linux/amd64'] } })).sboms).toBe('no-sbom');
  expect(notPassed(await withFacts({ sboms: {} })).sboms).toBe('no-sbom');
  expect(notPassed(await results({ predicate: { sboms: { 'linux/arm64': null } } })).sboms).toBe('no-sbom');
  expect(notPassed(await results({ sboms: { 'linux/arm64': [{ components: [] }] } })).sboms).toBe('vacuous-sbom');
});

test('the platforms of an image that is not known are not compared', async () => {
  const found = await results({ registry: { $index: { kind: 'unknown', message: 'no answer' } } });
  expect(found.outcome).toBe('inconclusive');
  expect(notPassed(found)).toEqual({
    image: 'registry-unreachable',
    record: 'skipped',
    platforms: 'skipped',
    sboms: 'skipped',
  });
});

test('databases from the feeds are judged beside those of the fixture, where these are allowed', async () => {
  const database = (scanner: string, origin: string, builtAt: string) => ({ scanner, origin, builtAt });
  const databases = [
    database('grype', 'fixture', '2099-01-01T00:00:00Z'),
    database('govulncheck', 'feed', '2026-11-20T00:00:00Z'),
    database('trivy', 'feed', '2026-11-20T00:00:00Z'),
  ];
  const found = await results({ predicate: { verdict: { databases } }, expected: { databases: 'fixture' } });
  expect(notPassed(found)).toEqual({ record: 'skipped', 'database-age': 'stale-database' });
  expect(found.checks['database-age']?.message).toContain('the database of trivy');
});

test('a record that is compared with no verdict claims too much', async () => {
  for (const verdict of ['nothing-attested', 'connection-refused']) {
    expect(notPassed(await results({ record: {}, answers: { verdict } })).record).toBe('no-verdict');
  }
});

test('the databases are named with their times, and those of the fixture once and in the order of their names', async () => {
  const builtAt = '2026-11-29T06:00:00Z';
  const databases = ['trivy', 'grype', 'govulncheck', 'trivy'].map((scanner) => ({
    scanner,
    origin: 'fixture',
    builtAt,
  }));
  const predicate = { verdict: { databases } };
  expect((await results({ predicate })).checks['database-origin']?.message).toContain('(govulncheck, grype, trivy)');
  const allowed = await results({ predicate, expected: { databases: 'fixture' } });
  expect(allowed.checks['database-age']?.message).toBe(
    `trivy ${builtAt}, grype ${builtAt}, govulncheck ${builtAt}, trivy ${builtAt}`,
  );
});

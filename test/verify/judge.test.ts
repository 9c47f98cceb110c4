import { canonicalJson, digestOf } from '../../lib/values';
import {
  causeOf,
  judge,
  parsePublicKeys,
  readFacts,
  requireVerified,
  type Verification,
  verify,
  verifyRunning,
} from '../../lib/verify';
import { newPublicKey } from '../evidence/public-key';
import { type Changes, world } from '../evidence/world';

const two = parsePublicKeys(newPublicKey() + newPublicKey(), 'production.pub');
const [first, second] = two;

/** Verifies with two keys, which signed different evidence. */
async function verifyByKeys(changes: readonly [Changes, Changes]): Promise<Verification> {
  const worlds = changes.map((change) => world(change));
  const { location, readers, expected, now } = world({});
  const facts = await Promise.all(
    worlds.map((each, index) => readFacts(each.readers, each.location, two.slice(index, index + 1))),
  );
  const { image } = await readFacts(readers, location, two);
  return judge({ location, facts: { image, keys: facts.flatMap(({ keys }) => keys) }, expected, now });
}

const unsigned: Changes = { answers: { signatures: 'nothing-signed' } };
const blocked: Changes = { predicate: { verdict: { outcome: 'blocked' } }, answers: { signatures: 'nothing-signed' } };
const unknown: Changes = { answers: { signatures: 'connection-refused', verdict: 'connection-refused' } };

test.each([
  ['good evidence counts beside missing evidence', [unsigned, {}], 'verified', second],
  ['good evidence counts beside an answer that is not known', [{}, unknown], 'verified', first],
  ['an answer that is not known counts more than missing evidence', [unsigned, unknown], 'inconclusive', second],
  ['of missing evidence, the nearest is reported', [blocked, unsigned], 'not-verified', second],
  ['of missing evidence, the nearest is reported in any order', [unsigned, blocked], 'not-verified', first],
] as const)('%s', async (_, changes, outcome, key) => {
  expect(await verifyByKeys(changes)).toMatchObject({ outcome, key: key?.digest });
});

test('without a key nothing is verified, and the error says so', async () => {
  const { location, readers, expected, now } = world({});
  const verification = await verify({ location, keys: [], expected, now, readers });
  expect(verification).toEqual({ outcome: 'not-verified', key: undefined, checks: [], verdict: undefined });
  expect(() => requireVerified({ location }, verification)).toThrow(
    expect.objectContaining({ code: 'no-public-key', exitCode: 3 }),
  );
});

test('the latest verdict is judged, of those from the same time the first in canonical order', async () => {
  const { location, readers, expected, now } = world({
    moreVerdicts: [
      { scannedAt: '2026-11-30T11:00:00Z', tools: [{ name: 'zz', version: '1' }] },
      { scannedAt: '2026-11-30T11:00:00Z', tools: [{ name: 'aa', version: '1' }] },
      { scannedAt: '2026-11-30T09:00:00Z' },
    ],
  });
  const { verdict } = await verify({ location, keys: two, expected, now, readers });
  expect(verdict?.scannedAt).toBe('2026-11-30T11:00:00Z');
  expect(verdict?.tools).toEqual([{ name: 'aa', version: '1' }]);
});

test('the latest verdict is judged, though another one is the last in canonical order', async () => {
  const binarySboms = { 'hello-linux-mips': { digest: digestOf('sbom'), components: 1 } };
  const { location, readers, expected, now } = world({
    moreVerdicts: [{ scannedAt: '2026-11-30T11:00:00Z', binarySboms }],
  });
  const { verdict } = await verify({ location, keys: two, expected, now, readers });
  expect(verdict?.scannedAt).toBe('2026-11-30T11:00:00Z');
});

test('with a record, its verdict is judged, though another is later', async () => {
  const { location, readers, expected, now } = world({
    record: {},
    moreVerdicts: [{ scannedAt: '2026-11-30T11:00:00Z' }],
  });
  const { verdict, outcome } = await verify({ location, keys: two, expected, now, readers });
  expect({ outcome, scannedAt: verdict?.scannedAt }).toEqual({
    outcome: 'verified',
    scannedAt: '2026-11-30T10:00:00Z',
  });
});

test('the cause is the first check that fails, or that has no result', () => {
  const result = { id: 'image', title: 'a title', message: 'a message' } as const;
  const failed = { ...result, outcome: 'failed', code: 'no-sbom' } as const;
  const unanswered = { ...result, outcome: 'inconclusive', code: 'evidence-unreadable' } as const;
  const passed = { ...result, outcome: 'passed' } as const;
  const cause = (outcome: Verification['outcome'], checks: Verification['checks']) =>
    causeOf({ outcome, checks, key: undefined, verdict: undefined });
  expect(cause('not-verified', [passed, unanswered, failed])).toBe(failed);
  expect(cause('inconclusive', [passed, unanswered])).toBe(unanswered);
  expect(cause('verified', [passed])).toBeUndefined();
});

describe('a release that runs', () => {
  async function running(change: Changes, keys: typeof two = two.slice(0, 1)) {
    const { location, readers, expected, now } = world(change);
    const { service = '', class: environmentClass = '', catalog } = expected;
    if (catalog === undefined) {
      throw new Error('the good evidence has a catalog');
    }
    return verifyRunning({
      location,
      keys,
      expected: { service, class: environmentClass, catalog, databases: expected.databases },
      now,
      readers,
    });
  }

  test('is verified with the SBOMs that were signed, whatever the age, the source and the builder', async () => {
    const { verification, sboms } = await running({
      now: '2030-01-01T00:00:00Z',
      predicate: { source: { repository: 'acme/former' } },
      provenances: [{ runDetails: { builder: { id: 'https://bowline.dev/builders/local/v1' } } }],
    });
    expect(verification.outcome).toBe('verified');
    expect(Object.keys(sboms).sort()).toEqual(['linux/amd64', 'linux/arm64']);
    for (const [platform, sbom] of Object.entries(sboms)) {
      expect(sbom.digest).toBe(verification.verdict?.sboms[platform]?.digest);
      expect(digestOf(sbom.text)).toBe(sbom.digest);
      expect(canonicalJson(JSON.parse(sbom.text))).toBe(sbom.text);
    }
  });

  test('has the SBOMs of the key that verified it', async () => {
    const { verification, sboms } = await running({}, two);
    expect(verification.key).toBe(first?.digest);
    expect(Object.keys(sboms)).toHaveLength(2);
  });

  test.each([
    ['nothing is signed', { answers: { signatures: 'nothing-signed' } }],
    ['another service is signed', { claims: [{ optional: { 'bowline.service': 'other' } }] }],
    ['there is no verdict', { answers: { verdict: 'nothing-attested' } }],
    ['an SBOM is not the scanned one', { predicate: { sboms: { 'linux/arm64': { digest: digestOf('other') } } } }],
    ['there is no SBOM', { answers: { 'sbom linux/arm64': 'nothing-attested' } }],
    ['cosign has no answer', { answers: { 'sbom linux/arm64': 'killed' } }],
    ['it is in another repository', { expected: { catalog: { imageRepository: 'registry.example/acme/other' } } }],
  ] as const)('has no SBOMs if %s', async (_, change) => {
    const { verification, sboms } = await running(change);
    expect(verification.outcome).not.toBe('verified');
    expect(sboms).toEqual({});
  });

  test('is no release of another class', async () => {
    const { verification } = await running({ claims: [{ optional: { 'bowline.class': 'nonproduction' } }] });
    expect(verification.checks.find(({ id }) => id === 'signature')).toMatchObject({ code: 'no-signature' });
  });
});

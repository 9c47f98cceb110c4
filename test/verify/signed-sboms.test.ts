import { canonicalJson } from '../../lib/values';
import { judge, parsePublicKeys, readFacts, verifyRunning } from '../../lib/verify';
import { signedSboms } from '../../lib/verify/signed-sboms';
import { newPublicKey } from '../evidence/public-key';
import { world } from '../evidence/world';

const keys = parsePublicKeys(newPublicKey() + newPublicKey(), 'production.pub');

async function evidence() {
  const { location, readers, expected, now } = world({});
  const facts = await readFacts(readers, location, keys);
  return { facts, verification: judge({ location, facts, expected, now }) };
}

test('a verified image has the SBOMs that its verdict names, as they were signed', async () => {
  const { facts, verification } = await evidence();
  const sboms = signedSboms(facts, verification);
  expect(Object.entries(sboms).map(([platform, sbom]) => [platform, sbom?.digest])).toEqual(
    Object.entries(verification.verdict?.sboms ?? {}).map(([platform, { digest }]) => [platform, digest]),
  );
  for (const { text } of Object.values(sboms)) {
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  }
});

test('an image has no SBOMs by a key that signed nothing, without a verdict, or if it is not verified', async () => {
  const { facts, verification } = await evidence();
  expect(signedSboms({ ...facts, keys: [] }, verification)).toEqual({});
  expect(signedSboms(facts, { ...verification, key: undefined })).toEqual({});
  expect(signedSboms(facts, { ...verification, verdict: undefined })).toEqual({});
  expect(signedSboms(facts, { ...verification, outcome: 'not-verified' })).toEqual({});
  expect(signedSboms(facts, { ...verification, outcome: 'inconclusive' })).toEqual({});
});

test('only the SBOMs that are signed, and that the verdict names, are there', async () => {
  const { facts, verification } = await evidence();
  const [key] = facts.keys;
  if (key === undefined || verification.verdict === undefined) {
    throw new Error('the good evidence is signed');
  }
  const { 'linux/amd64': amd64, ...others } = verification.verdict.sboms;
  const without = { ...verification, verdict: { ...verification.verdict, sboms: others } };
  expect(amd64).toBeDefined();
  expect(Object.keys(signedSboms(facts, without))).toEqual(['linux/arm64']);
  const unknown = { ...key, sboms: { ...key.sboms, 'linux/arm64': { kind: 'unknown', message: '' } } } as const;
  expect(Object.keys(signedSboms({ ...facts, keys: [unknown] }, verification))).toEqual(['linux/amd64']);
  const empty = { ...key, sboms: { ...key.sboms, 'linux/arm64': { kind: 'signed', values: [{}] } } } as const;
  expect(Object.keys(signedSboms({ ...facts, keys: [empty] }, verification))).toEqual(['linux/amd64']);
});

test('without a key, a release that runs has none', async () => {
  const { location, readers, expected, now } = world({});
  const { service = '', class: environmentClass = '', catalog, databases } = expected;
  if (catalog === undefined) {
    throw new Error('the good evidence has a catalog');
  }
  const found = await verifyRunning({
    location,
    keys: [],
    expected: { service, class: environmentClass, catalog, databases },
    now,
    readers,
  });
  expect(found).toMatchObject({ verification: { outcome: 'not-verified' }, sboms: {} });
});

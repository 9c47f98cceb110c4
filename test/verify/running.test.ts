import { type CatalogFacts, causeOf, parsePublicKeys, verifyRunning } from '../../lib/verify';
import { newPublicKey } from '../evidence/public-key';
import { type Changes, world } from '../evidence/world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');

async function verify(changes: Changes, databases: 'feed' | 'fixture' = 'feed') {
  const { location, readers, expected, now } = world(changes);
  const { verification, sboms } = await verifyRunning({
    location,
    keys,
    expected: { service: 'hello', class: 'production', catalog: expected.catalog as CatalogFacts, databases },
    now,
    readers,
  });
  return { outcome: verification.outcome, code: causeOf(verification)?.code, sboms: Object.keys(sboms) };
}

const fixture = [
  { scanner: 'grype', origin: 'fixture', builtAt: '2026-11-29T06:00:00Z' },
  { scanner: 'govulncheck', origin: 'fixture', builtAt: '2026-11-20T00:00:00Z' },
  { scanner: 'trivy', origin: 'fixture', builtAt: '2026-11-29T12:00:00Z' },
];

test('a release that runs is verified whatever its age, its source and its builder', async () => {
  const verified = { outcome: 'verified', code: undefined, sboms: ['linux/amd64', 'linux/arm64'] };
  expect(await verify({})).toEqual(verified);
  expect(await verify({ now: '2036-01-01T00:00:00Z' })).toEqual(verified);
  expect(await verify({ predicate: { source: { repository: 'acme/before' } } })).toEqual(verified);
  expect(await verify({ provenances: [] })).toEqual(verified);
});

test.each<[string, Changes, string]>([
  ['a verdict that was blocked', { predicate: { verdict: { outcome: 'blocked' } } }, 'verdict-not-passed'],
  ['a verdict that was inconclusive', { predicate: { verdict: { outcome: 'inconclusive' } } }, 'verdict-not-passed'],
  ['a verdict of no scanner', { predicate: { verdict: { databases: [] } } }, 'scanner-missing'],
  ['a verdict by the fixture databases', { predicate: { verdict: { databases: fixture } } }, 'fixture-verdict'],
  [
    'a worse verdict of the same time',
    { moreVerdicts: [{ source: { commit: 'e'.repeat(40) }, verdict: { outcome: 'blocked' } }] },
    'verdict-superseded',
  ],
  ['another service', { predicate: { service: 'other' } }, 'other-service'],
  ['no SBOM', { sboms: { 'linux/amd64': [] } }, 'no-sbom'],
  ['no signature', { answers: { signatures: 'nothing-signed' } }, 'no-signature'],
])('a release that runs with %s is not verified, and its SBOMs are not believed', async (_, changes, code) => {
  expect(await verify(changes)).toEqual({ outcome: 'not-verified', code, sboms: [] });
});

test('a trial by the fixture databases is judged by the fixture databases', async () => {
  expect(await verify({ predicate: { verdict: { databases: fixture } } }, 'fixture')).toMatchObject({
    outcome: 'verified',
  });
});

import type { Built } from '../../../lib/release';
import { readSignedScan } from '../../../lib/steps/scanning/reuse-scan';
import type { EarlierEvidence } from '../../../lib/steps/scanning/scan-input';
import { type CatalogFacts, parsePublicKeys } from '../../../lib/verify';
import { newPublicKey } from '../../evidence/public-key';
import { type Changes, world } from '../../evidence/world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');

/** Reads the scan of the good evidence, with changes of the evidence and of what it must agree with. */
function read(changes: Changes = {}, earlier: Partial<EarlierEvidence> = {}) {
  const { location, readers, expected, now } = world(changes);
  const built = {
    service: 'hello',
    image: { repository: location.repository, digest: location.digest },
  } as Built;
  return readSignedScan(
    { built, input: { databases: { origin: 'feed' }, now } },
    {
      signatures: location.signatures,
      keys: new Map([['production', keys]]),
      facts: expected.catalog as CatalogFacts,
      builder: expected.builder,
      readers,
      ...earlier,
    },
  );
}

test('the verdict and the SBOMs of a verified image are read, whatever commit it was built from', async () => {
  const scan = await read({ predicate: { source: { commit: 'd'.repeat(40) } } });
  expect(scan).toMatchObject({ verdict: { source: { commit: 'd'.repeat(40) } } });
  expect('sboms' in scan && Object.keys(scan.sboms)).toEqual(['linux/amd64', 'linux/arm64']);
});

test('every class must have signed it', async () => {
  for (const classes of [
    ['production', 'nonproduction'],
    ['nonproduction', 'production'],
  ]) {
    expect(await read({}, { keys: new Map(classes.map((name) => [name, keys])) })).toEqual({
      reason: expect.stringMatching(/^nonproduction: no-signature: /),
    });
  }
  const both = { claims: [{}, { optional: { 'bowline.class': 'nonproduction' } }] };
  expect(
    await read(both, { keys: new Map(['nonproduction', 'production'].map((name) => [name, keys])) }),
  ).toHaveProperty('verdict');
});

test.each<[string, Changes, Partial<EarlierEvidence>, RegExp]>([
  ['without a public key', {}, { keys: new Map() }, /no public keys/],
  ['of another class', {}, { keys: new Map([['nonproduction', keys]]) }, /no-signature/],
  ['that is not signed', { answers: { signatures: 'nothing-signed' } }, {}, /no-signature/],
  ['by another builder', {}, { builder: { kind: 'local' } }, /^production: provenance-mismatch/],
  ['of another source', { predicate: { source: { repository: 'acme/other' } } }, {}, /^production: other-source/],
  ['that was blocked', { predicate: { verdict: { outcome: 'blocked' } } }, {}, /^production: verdict-not-passed/],
  ['that is too old', { now: '2027-11-30T12:00:00Z' }, {}, /^production: stale-verdict/],
  [
    'with a later verdict that is worse',
    { moreVerdicts: [{ scannedAt: '2026-11-30T11:00:00Z', verdict: { outcome: 'blocked' } }] },
    {},
    /^production: verdict-not-passed/,
  ],
  ['whose SBOM is another', { sboms: { 'linux/amd64': [] } }, {}, /^production: no-sbom/],
  [
    'in a registry that does not answer',
    { registry: { $index: { kind: 'unknown', message: 'refused' } } },
    {},
    /^production: registry-unreachable/,
  ],
])('a scan %s is not used, and the reason is said', async (_, changes, earlier, reason) => {
  expect(await read(changes, earlier)).toEqual({ reason: expect.stringMatching(reason) });
});

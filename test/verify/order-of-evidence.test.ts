import fc from 'fast-check';
import { parsePublicKeys, type Verification, verify } from '../../lib/verify';
import { newPublicKey } from '../evidence/public-key';
import { type Changes, world } from '../evidence/world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');

/** Verifies while the registry lists verdicts, signatures and provenance in the given order. */
async function verifyInOrder(change: Changes, order: readonly number[]): Promise<Verification> {
  const { location, readers, expected, now } = world(change);
  const arranged = (lines: readonly string[]) =>
    lines
      .map((line, index) => ({ line, place: order[index] ?? 0 }))
      .sort((a, b) => a.place - b.place)
      .map(({ line }) => line);
  const cosign: typeof readers.cosign = {
    signatures: async (...question) => {
      const answer = await readers.cosign.signatures(...question);
      const claims = JSON.parse(answer.stdout) as object[];
      return { ...answer, stdout: `[${arranged(claims.map((claim) => JSON.stringify(claim))).join(',')}]` };
    },
    attestations: async (...question) => {
      const answer = await readers.cosign.attestations(...question);
      return { ...answer, stdout: arranged(answer.stdout.trim().split('\n')).join('\n') };
    },
  };
  return verify({ location, keys, expected, now, readers: { ...readers, cosign } });
}

const later = '2026-11-30T11:00:00Z';
const future = [{ scanner: 'grype', builtAt: '2099-01-01T00:00:00Z', origin: 'feed' }];
const verdicts: readonly object[] = [
  { scannedAt: later },
  { scannedAt: later, verdict: { outcome: 'blocked' } },
  { scannedAt: later, verdict: { databases: future } },
  { verdict: { databases: future } },
  { verdict: { outcome: 'inconclusive' } },
  { scannedAt: '2026-11-01T00:00:00Z' },
];
const provenances: readonly object[] = [
  {},
  { runDetails: { builder: { id: 'https://bowline.dev/builders/local/v1' } } },
  { buildDefinition: { resolvedDependencies: [{ name: 'source', digest: { gitCommit: 'e'.repeat(40) } }] } },
];
const claims: readonly object[] = [{}, { optional: { 'bowline.service': 'other' } }];

test('the order in which a registry lists evidence decides nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        moreVerdicts: fc.subarray([...verdicts]),
        provenances: fc.subarray([...provenances], { minLength: 1 }),
        claims: fc.subarray([...claims], { minLength: 1 }),
      }),
      fc.boolean(),
      fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
      async (evidence, hasRecord, order) => {
        const change: Changes = hasRecord ? { ...evidence, record: {} } : evidence;
        expect(await verifyInOrder(change, order)).toEqual(await verifyInOrder(change, []));
      },
    ),
  );
});

test('evidence that is signed twice counts once', async () => {
  const { verdict, outcome } = await verifyInOrder({ moreVerdicts: [{}], claims: [{}, {}], provenances: [{}, {}] }, []);
  expect(outcome).toBe('verified');
  expect(verdict).toEqual((await verifyInOrder({}, [])).verdict);
});

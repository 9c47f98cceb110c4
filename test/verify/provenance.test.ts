import { parsePublicKeys, verify } from '../../lib/verify';
import { newPublicKey } from '../evidence/public-key';
import { type Changes, world } from '../evidence/world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');

async function check(change: Changes) {
  const { location, readers, expected, now } = world(change);
  const { checks } = await verify({ location, keys, expected, now, readers });
  return checks.find(({ id }) => id === 'provenance');
}

const ofCommit = (commit: string) => ({
  buildDefinition: { resolvedDependencies: [{ name: 'source', digest: { gitCommit: commit } }] },
});

test('provenance of an earlier commit that gave the same image is no reason to reject a later one', async () => {
  expect(await check({ provenances: [ofCommit('e'.repeat(40)), {}] })).toMatchObject({ outcome: 'passed' });
});

test('names what differs, and what was expected', async () => {
  expect(await check({ provenances: [ofCommit('e'.repeat(40))] })).toMatchObject({
    outcome: 'failed',
    code: 'provenance-mismatch',
    message: `the commit of the provenance is ${'e'.repeat(40)}, expected ${'c'.repeat(40)}`,
  });
});

test('names every difference once', async () => {
  const local = { runDetails: { builder: { id: 'https://bowline.dev/builders/local/v1' } } };
  const result = await check({ provenances: [local, local, ofCommit('e'.repeat(40))] });
  expect(result?.message.split('; ')).toEqual([
    expect.stringContaining(
      'built by https://bowline.dev/builders/local/v1, expected https://bowline.dev/builders/codebuild',
    ),
    expect.stringContaining('the commit of the provenance'),
  ]);
});

test('a trial accepts images of a local run', async () => {
  const local = { runDetails: { builder: { id: 'https://bowline.dev/builders/local/v1' } } };
  const expected = { builder: { kind: 'local', pipeline: null } };
  expect(await check({ provenances: [local], expected })).toMatchObject({ outcome: 'passed' });
});

test('fields of later versions are allowed', async () => {
  const later = { runDetails: { metadata: { startedOn: '2026-11-30T00:00:00Z' } }, extension: true };
  expect(await check({ provenances: [later] })).toMatchObject({ outcome: 'passed' });
});

test('without a verdict there is nothing to compare with', async () => {
  expect(await check({ answers: { verdict: 'nothing-attested' } })).toMatchObject({ outcome: 'skipped' });
});

import type { RegistryAnswer } from '../../lib/verify';
import { readImage } from '../../lib/verify/read-image';
import { type Changes, world } from '../evidence/world';

function read(change: Changes) {
  const { readers, location } = world(change);
  return readImage(readers.registry, location.repository, location.digest);
}

test('an image has the image of each platform, and one of a single platform itself', async () => {
  const { location } = world({});
  const image = await read({});
  expect(image).toMatchObject({ kind: 'image' });
  expect(Object.keys(image.kind === 'image' ? image.platforms : {}).sort()).toEqual(['linux/amd64', 'linux/arm64']);
  const single = world({ request: { digest: '$arm64' } });
  expect(await readImage(single.readers.registry, location.repository, single.location.digest)).toEqual({
    kind: 'image',
    platforms: { 'linux/arm64': single.location.digest },
  });
});

test.each<readonly [string, string, RegistryAnswer]>([
  ['problem', 'image-missing', { kind: 'absent' }],
  ['unknown', 'registry-unreachable', { kind: 'unknown', message: 'connection refused' }],
  ['unknown', 'registry-mismatch', { kind: 'altered', message: 'other content' }],
  ['unknown', 'registry-mismatch', { kind: 'content', text: '{}' }],
])('of every part that is read, the answer of the registry is a %s: %s', async (kind, code, answer) => {
  for (const part of ['$index', '$amd64', '$arm64', '$config-amd64', '$config-arm64']) {
    expect([part, await read({ registry: { [part]: answer } })]).toEqual([
      part,
      { kind, code, message: expect.stringMatching(/./) },
    ]);
  }
});

test.each<readonly [string, Changes]>([
  ['image-malformed', { index: { schemaVersion: 1 } }],
  ['image-malformed', { manifests: { arm64: { config: null } } }],
  ['image-malformed', { configs: { arm64: { architecture: 'amd64' } } }],
  ['platform-unknown', { configs: { arm64: { architecture: 'mips' } } }],
  ['platform-unknown', { configs: { amd64: { os: null } } }],
])('what the registry has is no evidence: %s', async (code, change) => {
  expect(await read(change)).toEqual({ kind: 'problem', code, message: expect.stringMatching(/./) });
});

test('an image of a single platform that this project does not build for is no evidence', async () => {
  const change: Changes = { configs: { arm64: { os: 'windows' } }, request: { digest: '$arm64' } };
  expect(await read(change)).toMatchObject({ kind: 'problem', code: 'platform-unknown' });
});

import { join } from 'node:path';
import { loadCatalog } from '../../lib/catalog';
import type { Signed } from '../../lib/release';
import { branchRef, commitSha, digestOf, imageRepository } from '../../lib/values';
import {
  catalogFacts,
  identityProblem,
  imageProblem,
  type RegistryAnswer,
  type ReleaseIdentity,
  requireRecordedImage,
} from '../../lib/verify';
import { world } from '../evidence/world';

const identity: ReleaseIdentity = {
  service: 'hello',
  imageRepository: imageRepository('registry.example/acme/hello'),
  source: { repository: 'acme/hello', ref: branchRef('main') },
  commit: commitSha('c'.repeat(40)),
};
const record = world({ record: {} }).expected.record as Signed;

test('a record with the identity of its service has no problem', () => {
  expect(identityProblem(record, identity)).toBeUndefined();
  expect(identityProblem(record, { ...identity, commit: undefined })).toBeUndefined();
});

test.each([
  ['other-repository', { imageRepository: imageRepository('registry.example/acme/hello2') }],
  ['other-source', { source: { ...identity.source, repository: 'acme/hell' } }],
  ['other-ref', { source: { ...identity.source, ref: branchRef('main2') } }],
  ['other-commit', { commit: commitSha('d'.repeat(40)) }],
])('a record of another identity is rejected with %s before the registry is asked', async (code, change) => {
  expect(identityProblem(record, { ...identity, ...change })?.code).toBe(code);
  const registry = {
    manifest: () => Promise.reject(new Error('the registry was asked')),
    blob: () => Promise.reject(new Error('the registry was asked')),
  };
  await expect(requireRecordedImage(record, { ...identity, ...change }, registry)).rejects.toMatchObject({
    code,
    exitCode: 2,
  });
});

test('a record of what the registry has is accepted', async () => {
  const { readers } = world({});
  await expect(requireRecordedImage(record, identity, readers.registry)).resolves.toBeUndefined();
});

test.each<readonly [string, number, RegistryAnswer]>([
  ['image-missing', 2, { kind: 'absent' }],
  ['registry-unreachable', 1, { kind: 'unknown', message: 'connection refused' }],
  ['registry-mismatch', 1, { kind: 'altered', message: 'other content' }],
  ['registry-mismatch', 1, { kind: 'content', text: '{}' }],
])('a record is stopped with %s and exit code %d by the answer of the registry', async (code, exitCode, answer) => {
  const { readers } = world({ registry: { $index: answer } });
  await expect(requireRecordedImage(record, identity, readers.registry)).rejects.toMatchObject({ code, exitCode });
});

test.each<readonly [string, RegistryAnswer]>([
  ['image-missing', { kind: 'absent' }],
  ['registry-unreachable', { kind: 'unknown', message: 'connection refused' }],
])(
  'what the registry answers for the image of a platform, or for its configuration, counts: %s',
  async (code, answer) => {
    for (const name of ['$arm64', '$config-arm64']) {
      const { readers } = world({ registry: { [name]: answer } });
      await expect(requireRecordedImage(record, identity, readers.registry)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(record.image.digest),
      });
    }
  },
);

test.each([
  ['fewer', { 'linux/amd64': record.image.platforms['linux/amd64'] }],
  ['others', { ...record.image.platforms, 'linux/arm64': digestOf('other') }],
])('a record of %s platforms than the registry has is rejected', async (_, platforms) => {
  const { readers } = world({});
  const changed = { ...record, image: { ...record.image, platforms } } as Signed;
  await expect(requireRecordedImage(changed, identity, readers.registry)).rejects.toMatchObject({
    code: 'platform-mismatch',
    exitCode: 2,
    message: expect.stringContaining('linux/arm64: the record names'),
  });
});

test('the first platform that differs is named, in the order of their names', () => {
  const found = { kind: 'image', platforms: { 'linux/arm64': digestOf('b'), 'linux/amd64': digestOf('a') } } as const;
  const image = { ...record.image, platforms: { 'linux/arm64': digestOf('x'), 'linux/amd64': digestOf('y') } };
  expect(imageProblem({ image }, found)?.message).toMatch(/^linux\/amd64: /);
});

test('an image of a single platform is that platform alone', async () => {
  const { readers, location } = world({ request: { digest: '$arm64' } });
  const image = { ...record.image, digest: location.digest, platforms: { 'linux/arm64': location.digest } };
  await expect(requireRecordedImage({ ...record, image }, identity, readers.registry)).resolves.toBeUndefined();
  const other = { ...image, platforms: { 'linux/amd64': location.digest } };
  await expect(requireRecordedImage({ ...record, image: other }, identity, readers.registry)).rejects.toMatchObject({
    code: 'platform-mismatch',
  });
});

test('the catalog names the source, the branch and the policy of a service', () => {
  const catalog = loadCatalog(join(__dirname, '..', '..', 'catalog'));
  const risk = { id: 'CVE-2024-45338', package: 'golang.org/x/net', reason: 'x', owner: 'y', expires: '2026-12-31' };
  const acceptedRisks = [
    { ...risk, service: 'hello' },
    { ...risk, service: 'other' },
  ];
  const facts = catalogFacts({ ...catalog, acceptedRisks }, 'hello', identity.imageRepository);
  const { source } = catalog.services.find(({ name }) => name === 'hello') ?? {};
  expect(facts).toEqual({
    imageRepository: identity.imageRepository,
    source: { repository: source?.repository, ref: `refs/heads/${source?.branch}` },
    policy: { ...catalog.platform.findings, acceptedRisks: [{ ...risk, service: 'hello' }] },
  });
  const without = catalogFacts({ ...catalog, acceptedRisks: undefined }, 'hello', identity.imageRepository);
  expect(without.policy.acceptedRisks).toEqual([]);
  expect(() => catalogFacts(catalog, 'absent', identity.imageRepository)).toThrow();
});

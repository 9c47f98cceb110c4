import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Built, recordVersion, writeRecord } from '../../lib/release';
import { readReleaseFolder, writeReleaseFolder } from '../../lib/steps';
import { branchRef, commitSha, digestOf, imageRepository } from '../../lib/values';

const release: Built = {
  version: recordVersion,
  stage: 'built',
  service: 'shop',
  source: { repository: 'acme/shop', commit: commitSha('a'.repeat(40)), ref: branchRef('main') },
  image: {
    repository: imageRepository('registry.example.com/acme/shop'),
    digest: digestOf('index'),
    platforms: { 'linux/amd64': digestOf('amd64') },
    tag: 'a-b',
  },
  binaries: [],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowline-release-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('reads the record as it was written', () => {
  const sha256 = writeReleaseFolder(folder, { release, files: {} });
  expect(readReleaseFolder(folder, sha256)).toEqual(release);
});

test('rejects a record that was edited between two steps', () => {
  const sha256 = writeReleaseFolder(folder, { release, files: {} });
  const other = { ...release, image: { ...release.image, digest: digestOf('evil') } };
  writeFileSync(join(folder, 'release.json'), writeRecord(other).text);
  expect(() => readReleaseFolder(folder, sha256)).toThrow(/differs from the one that the previous step wrote/);
});

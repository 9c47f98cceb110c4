import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, writeImage } from '../../../lab/images/program-image';
import { run } from '../../../lib/process';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowline-image-'));
  writeFileSync(join(folder, 'tool'), 'a program');
});
afterEach(() => rmSync(folder, { recursive: true }));

const image = (program: string) => ({ reference: 'bowline.lab/tool:1', program, user: '65532' });

test('equal programs give equal digests', async () => {
  const first = await writeImage(image(join(folder, 'tool')), join(folder, 'a'));
  const second = await writeImage(image(join(folder, 'tool')), join(folder, 'b'));
  expect(second).toEqual(first);
});

test('every blob is stored under its digest, and is reachable from the index', async () => {
  const { digest } = await writeImage(image(join(folder, 'tool')), join(folder, 'a'));
  const blobs = join(folder, 'a', 'layout', 'blobs', 'sha256');
  for (const name of readdirSync(blobs)) {
    expect(digestOf(readFileSync(join(blobs, name)))).toBe(`sha256:${name}`);
  }
  const index = JSON.parse(readFileSync(join(folder, 'a', 'layout', 'index.json'), 'utf8'));
  expect(index.manifests[0].digest).toBe(digest);
  const manifest = JSON.parse(readFileSync(join(blobs, digest.slice(7)), 'utf8'));
  expect(readdirSync(blobs).sort()).toEqual(
    [digest, manifest.config.digest, manifest.layers[0].digest].map((name: string) => name.slice(7)).sort(),
  );
});

test('the image contains the target of a symbolic link', async () => {
  symlinkSync(join(folder, 'tool'), join(folder, 'link'));
  const direct = await writeImage(image(join(folder, 'tool')), join(folder, 'a'));
  const linked = await writeImage(image(join(folder, 'link')), join(folder, 'b'));
  expect(linked.digest).toBe(direct.digest);
});

test('the layer contains the program and a directory for temporary files, both owned by root', async () => {
  const { digest } = await writeImage(image(join(folder, 'tool')), join(folder, 'a'));
  const blobs = join(folder, 'a', 'layout', 'blobs', 'sha256');
  const manifest = JSON.parse(readFileSync(join(blobs, digest.slice(7)), 'utf8'));
  const { stdout } = await run({
    program: 'tar',
    arguments: ['--list', '--verbose', '--numeric-owner', '--file', join(blobs, manifest.layers[0].digest.slice(7))],
    timeoutSeconds: 10,
  });
  expect(
    stdout
      .split('\n')
      .slice(0, 2)
      .map((line) => line.replace(/ +/g, ' ')),
  ).toEqual([
    expect.stringMatching(/^-rwxr-xr-x 0\/0 9 1970.* program$/),
    expect.stringMatching(/^drwxrwxrwt 0\/0 0 1970.* tmp\/$/),
  ]);
});

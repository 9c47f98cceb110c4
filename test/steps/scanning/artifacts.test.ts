import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Built } from '../../../lib/release';
import { artifactsOf, targetsOf } from '../../../lib/steps/scanning/artifacts';
import { digestOf, imageRepository } from '../../../lib/values';

const contents = { 'hello-linux-amd64': 'linux', 'hello-windows-amd64.exe': 'windows' } as const;
const built = {
  service: 'hello',
  image: {
    repository: imageRepository('registry.example.com/acme/hello'),
    digest: digestOf('index'),
    platforms: { 'linux/arm64': digestOf('arm64'), 'linux/amd64': digestOf('amd64') },
    tag: 'x',
  },
  binaries: [
    { platform: 'windows/amd64', file: 'hello-windows-amd64.exe', digest: digestOf('windows') },
    { platform: 'linux/amd64', file: 'hello-linux-amd64', digest: digestOf('linux') },
  ],
} as unknown as Built;

let binaries: string;
beforeEach(() => {
  binaries = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  for (const [file, text] of Object.entries(contents)) {
    writeFileSync(join(binaries, file), text);
  }
});
afterEach(() => rmSync(binaries, { recursive: true, force: true }));

test('every image and every binary is an artifact, with the path of its program', () => {
  const artifacts = artifactsOf(built, { cgo: false, binaries });
  expect(artifacts.map(({ kind, name, program, target }) => [kind, name, program, target.name])).toEqual([
    ['image', 'linux/amd64', '/hello', 'linux/amd64'],
    ['image', 'linux/arm64', '/hello', 'linux/arm64'],
    ['binary', 'hello-linux-amd64', '/hello-linux-amd64', 'linux/amd64'],
    ['binary', 'hello-windows-amd64.exe', '/hello-windows-amd64.exe', 'windows/amd64'],
  ]);
});

test('artifacts of one GOOS and GOARCH share a scan of the calls', () => {
  const targets = targetsOf(artifactsOf(built, { cgo: false, binaries }));
  expect(targets.map(({ name }) => name)).toEqual(['linux/amd64', 'linux/arm64', 'windows/amd64']);
});

test('a binary without cgo shares none with an image that has cgo: other files belong to its program', () => {
  const targets = targetsOf(artifactsOf(built, { cgo: true, binaries }));
  expect(targets.map(({ name, cgo }) => [name, cgo])).toEqual([
    ['linux/amd64 with cgo', true],
    ['linux/arm64 with cgo', true],
    ['linux/amd64', false],
    ['windows/amd64', false],
  ]);
});

test('a binary that is missing or altered stops the scan', () => {
  writeFileSync(join(binaries, 'hello-linux-amd64'), 'other');
  expect(() => artifactsOf(built, { cgo: false, binaries })).toThrow(
    expect.objectContaining({ code: 'binary-altered', exitCode: 1 }),
  );
  rmSync(join(binaries, 'hello-linux-amd64'));
  expect(() => artifactsOf(built, { cgo: false, binaries })).toThrow(
    expect.objectContaining({ code: 'binary-missing', exitCode: 1 }),
  );
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureLocalBaseImages } from '../../../lib/local/base-images/ensure-base-images';
import { hostCertificates } from '../../../lib/local/base-images/rootfs';
import { type LocalServices, startLocalServices } from '../../../lib/local/services/services';
import { toolPath } from '../../../lib/tools';
import type { ImageReference } from '../../../lib/values';

const states = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'bowline-bases-')));
let services: LocalServices;
const lines: string[] = [];
let image: ImageReference;

const ensure = (stateDirectory: string) =>
  ensureLocalBaseImages(['static'], {
    registry: services.registry,
    stateDirectory,
    progress: (line) => lines.push(line),
  });
const crane = (...words: string[]) =>
  execFileSync(toolPath('crane'), ['--insecure', ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 28,
  });

beforeAll(async () => {
  const [stateDirectory = ''] = states;
  services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
  image = (await ensure(stateDirectory)).static as ImageReference;
});

afterAll(async () => {
  await services.stop();
  for (const stateDirectory of states) {
    rmSync(stateDirectory, { recursive: true, force: true });
  }
});

test('the static base image is an index for both target platforms with the same layers, and its content is reported', () => {
  const index = JSON.parse(crane('manifest', image).toString());
  expect(index.manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
    { architecture: 'amd64', os: 'linux' },
    { architecture: 'arm64', os: 'linux' },
  ]);
  const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) =>
    JSON.parse(crane('manifest', '--platform', `linux/${architecture}`, image).toString()),
  );
  expect(arm64.layers).toEqual(amd64.layers);
  expect(lines[0]).toMatch(/^local base image static: building \(certificates and time zones from Debian packages/);
});

test('it runs as nonroot, in its own home, and everyone may write to /tmp', () => {
  const { config } = JSON.parse(crane('config', '--platform', 'linux/arm64', image).toString());
  expect(config).toMatchObject({ User: '65532:65532', WorkingDir: '/home/nonroot' });
  const listed = execFileSync('tar', ['-tv', '--numeric-owner'], {
    input: crane('export', image),
    maxBuffer: 2 ** 28,
  }).toString();
  expect(listed).toMatch(/^drwx------ 65532\/65532 .* home\/nonroot\/?$/m);
  expect(listed).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/?$/m);
  expect(listed).toMatch(/^-rw-r--r-- 0\/0 .* etc\/passwd$/m);
});

test('it contains the certificates of Debian, and none of this machine', () => {
  const file = (path: string) =>
    execFileSync('tar', ['-xO', path], { input: crane('export', image), maxBuffer: 2 ** 28 }).toString();
  const certificatesOf = (text: string): readonly string[] => text.match(/-----BEGIN CERTIFICATE-----[^-]+/g) ?? [];
  const shipped = certificatesOf(file('etc/ssl/certs/ca-certificates.crt'));
  expect(shipped.length).toBeGreaterThan(100);
  const known = execFileSync('sh', ['-c', 'cat /usr/share/ca-certificates/mozilla/*.crt || true']).toString();
  const local = certificatesOf(readFileSync(hostCertificates(), 'utf8')).filter((one) => !known.includes(one.trim()));
  expect(local.filter((one) => shipped.includes(one))).toEqual([]);
  expect(file('var/lib/dpkg/status.d/tzdata')).toMatch(/^Package: tzdata\nStatus: install ok installed\n/);
  expect(file('etc/os-release')).toContain('NAME="Bowline local static base"');
});

test('built again in another state folder with another umask, it has the same digest', async () => {
  const [, other = ''] = states;
  const umask = process.umask(0o077);
  try {
    expect((await ensure(other)).static).toBe(image);
  } finally {
    process.umask(umask);
  }
});

test('an existing image is found without apt', async () => {
  const [stateDirectory = ''] = states;
  const before = lines.length;
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    expect((await ensure(stateDirectory)).static).toBe(image);
  } finally {
    process.env.PATH = path;
  }
  expect(lines.length).toBe(before);
});

test('it is not built again when updated package lists have the same versions', async () => {
  const [stateDirectory = ''] = states;
  const file = join(stateDirectory, 'bases.json');
  const known = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ static: { ...known.static, hint: 'of older lists' } }));
  const before = lines.length;
  expect((await ensure(stateDirectory)).static).toBe(image);
  expect(lines.length).toBe(before);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(known);
});

test('it is built again when the registry no longer has it', async () => {
  const [stateDirectory = ''] = states;
  crane('delete', image);
  const before = lines.length;
  expect((await ensure(stateDirectory)).static).toBe(image);
  expect(lines.length).toBeGreaterThan(before);
  expect(crane('digest', image).toString().trim()).toBe(image.split('@')[1]);
});

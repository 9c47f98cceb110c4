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
const said: string[] = [];
let image: ImageReference;

const ensure = (stateDirectory: string) =>
  ensureLocalBaseImages(['static'], {
    registry: services.registry,
    stateDirectory,
    progress: (line) => said.push(line),
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

test('the static base is an index for both platforms over the same layers, told in words while it is made', () => {
  const index = JSON.parse(crane('manifest', image).toString());
  expect(index.manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
    { architecture: 'amd64', os: 'linux' },
    { architecture: 'arm64', os: 'linux' },
  ]);
  const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) =>
    JSON.parse(crane('manifest', '--platform', `linux/${architecture}`, image).toString()),
  );
  expect(arm64.layers).toEqual(amd64.layers);
  expect(said[0]).toMatch(/^local base static: making it \(certificates and time zones of Debian's packages/);
});

test('it runs as nonroot, in a home that is its own, with a /tmp that all may write', () => {
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

test("it holds Debian's certificates and never this machine's own", () => {
  const file = (path: string) =>
    execFileSync('tar', ['-xO', path], { input: crane('export', image), maxBuffer: 2 ** 28 }).toString();
  const certificatesOf = (text: string): readonly string[] => text.match(/-----BEGIN CERTIFICATE-----[^-]+/g) ?? [];
  const shipped = certificatesOf(file('etc/ssl/certs/ca-certificates.crt'));
  expect(shipped.length).toBeGreaterThan(100);
  const known = execFileSync('sh', ['-c', 'cat /usr/share/ca-certificates/mozilla/*.crt || true']).toString();
  const own = certificatesOf(readFileSync(hostCertificates(), 'utf8')).filter((one) => !known.includes(one.trim()));
  expect(own.filter((one) => shipped.includes(one))).toEqual([]);
  expect(file('var/lib/dpkg/status.d/tzdata')).toMatch(/^Package: tzdata\nStatus: install ok installed\n/);
  expect(file('etc/os-release')).toContain('NAME="Bowline local static base"');
});

test('made once more from nothing, under another umask, it has the same digest', async () => {
  const [, other = ''] = states;
  const umask = process.umask(0o077);
  try {
    expect((await ensure(other)).static).toBe(image);
  } finally {
    process.umask(umask);
  }
});

test('it is found again within 100 ms, without asking apt', async () => {
  const [stateDirectory = ''] = states;
  const before = said.length;
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    const started = performance.now();
    expect((await ensure(stateDirectory)).static).toBe(image);
    expect(performance.now() - started).toBeLessThan(100);
  } finally {
    process.env.PATH = path;
  }
  expect(said.length).toBe(before);
});

test('after the package lists were fetched anew with nothing new, it is not made again', async () => {
  const [stateDirectory = ''] = states;
  const file = join(stateDirectory, 'bases.json');
  const known = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ static: { ...known.static, hint: 'of older lists' } }));
  const before = said.length;
  expect((await ensure(stateDirectory)).static).toBe(image);
  expect(said.length).toBe(before);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(known);
});

test('a registry that has lost it gets it again', async () => {
  const [stateDirectory = ''] = states;
  crane('delete', image);
  const before = said.length;
  expect((await ensure(stateDirectory)).static).toBe(image);
  expect(said.length).toBeGreaterThan(before);
  expect(crane('digest', image).toString().trim()).toBe(image.split('@')[1]);
});

import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../lib/local';
import { startLocalServices } from '../../lib/local/services/services';
import { verifySignature } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import type { ImageReference, ImageRepository } from '../../lib/values';
import { type Bench, openBench, root, stateOf } from './bench';

jest.setTimeout(900_000);

const testdata = join(__dirname, 'testdata');
const stateDirectory = stateOf('release');
let bench: Bench;
let first: RunResult;

const git = (...words: string[]) => execFileSync('git', ['-C', bench.ledger, ...words], { encoding: 'utf8' }).trim();
const commits = () => Number(git('rev-list', '--count', 'main'));

beforeAll(async () => {
  bench = openBench(join(testdata, 'shop'), join(testdata, 'shop.yaml'), stateDirectory);
  first = await bench.run();
});

afterAll(() => bench.dispose());

test('the first run builds, scans, signs and promotes to every environment', () => {
  expect(first).toMatchObject({ service: 'shop', changed: true, verdict: 'passed', signed: true });
  expect(first.failed).toBeUndefined();
  expect(Object.keys(first.promoted)).toEqual(['dev', 'prod']);
  expect(Object.keys(first.image?.platforms ?? {}).sort()).toEqual(['linux/amd64', 'linux/arm64']);
  expect(git('show', 'main:manifests/prod/shop/deployment.yaml')).toContain(`@${first.image?.digest}`);
});

test('a run without a change commits nothing and builds nothing new', async () => {
  const before = commits();
  const second = await bench.run();
  expect(second).toMatchObject({ changed: false, image: first.image, verdict: 'passed', signed: true });
  expect(commits()).toBe(before);
});

test('notes every local substitute, and the release file names the database', () => {
  const notes = bench.notes.join('\n');
  for (const what of ['registry', 'KMS and S3', 'ledger', 'source', 'base images', 'vulnerabilities']) {
    expect(notes).toContain(`  ${what} `);
  }
  expect(git('show', 'main:releases/prod/shop.json')).toMatch(/grype: (feed|fixture)/);
});

test('a one-line edit changes the release files and one line of each manifest', async () => {
  const before = git('rev-parse', 'main');
  const file = join(bench.source, 'main.go');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"one"', '"two"'));
  const edited = await bench.run();
  expect(edited.changed).toBe(true);
  expect(edited.image?.digest).not.toBe(first.image?.digest);
  const changed = git('diff', '--numstat', before, 'main')
    .split('\n')
    .map((line) => line.split('\t'));
  expect(changed.map(([, , path]) => path).sort()).toEqual([
    'manifests/dev/shop/deployment.yaml',
    'manifests/prod/shop/deployment.yaml',
    'releases/dev/shop.json',
    'releases/prod/shop.json',
  ]);
  for (const [added, removed, path] of changed) {
    if (path?.startsWith('manifests/')) {
      expect([added, removed]).toEqual(['1', '1']);
    }
  }
});

test('the old source gives the old digest, and the old manifests byte for byte', async () => {
  const file = join(bench.source, 'main.go');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"two"', '"one"'));
  const back = await bench.run();
  expect(back.image).toEqual(first.image);
  expect(git('show', 'main:manifests/prod/shop/deployment.yaml')).toBe(
    git('show', `${first.promoted.prod}:manifests/prod/shop/deployment.yaml`),
  );
});

test('a build from pruned caches gives the same digests', async () => {
  const services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
  try {
    execFileSync(toolPath('buildctl'), ['--addr', services.buildkit, 'prune', '--all'], { stdio: 'ignore' });
  } finally {
    await services.stop();
  }
  const again = await bench.run();
  expect(again.image).toEqual(first.image);
  expect(again.changed).toBe(false);
});

test('the next run finishes one that was killed between build and scan, and prints one JSON object', async () => {
  const file = join(bench.source, 'main.go');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"one"', '"three"'));
  const before = commits();
  await killedAfter('✓ Build');
  expect(commits()).toBe(before);
  const stdout = execFileSync(process.execPath, [...commandLine(), '--json'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(stdout.split('\n')).toEqual([expect.stringMatching(/^\{.*\}$/), '']);
  const next = JSON.parse(stdout) as RunResult;
  expect(next.failed).toBeUndefined();
  expect(next).toMatchObject({ service: 'shop', changed: true, signed: true, verdict: 'passed' });
  expect(next.image?.platforms['linux/amd64']).toMatch(/^sha256:/);
  expect(Object.keys(next.promoted)).toEqual(['dev', 'prod']);
  expect(next.actions.map(({ name }) => name)).toEqual(expect.arrayContaining(['Synth', 'Build', 'Scan']));
  expect(commits()).toBe(before + 2);
});

/** `bowline run` on the bench. */
function commandLine(): readonly string[] {
  return [
    join(root, 'bin', 'bowline.mjs'),
    'run',
    ...['--source', bench.source, '--service', bench.serviceFile],
    ...['--ledger', bench.ledger, '--state', stateDirectory],
  ];
}

/** Runs the command line until it prints `text`, then kills it and its children with SIGKILL. */
function killedAfter(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, commandLine(), {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    let output = '';
    let isKilled = false;
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes(text) && !isKilled) {
        isKilled = true;
        process.kill(-(child.pid as number), 'SIGKILL');
      }
    });
    child.on('close', (_, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`it ended by itself:\n${output}`)),
    );
  });
}

describe('the signature', () => {
  let image: ImageReference;
  const signatures = () => `${first.image?.repository.replace('/acme/', '/acme/signatures/')}` as ImageRepository;
  const annotations = { 'bowline.service': 'shop', 'bowline.class': 'production' };
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
    stop = services.stop;
    image = `${first.image?.repository}@${first.image?.digest}` as ImageReference;
  });
  afterAll(() => stop());

  const publicKey = (name: string) => join(stateDirectory, 'keys', `${name}.pub`);

  test('verifies with cosign and the exported key', () => {
    const environment = { ...process.env, COSIGN_REPOSITORY: signatures() };
    const words = [
      'verify',
      '--allow-http-registry',
      '--insecure-ignore-tlog=true',
      '--key',
      publicKey('production'),
      '-a',
      'bowline.service=shop',
      image,
    ];
    expect(
      JSON.parse(
        execFileSync(toolPath('cosign'), words, {
          env: environment,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ),
    ).toHaveLength(1);
  });

  test('does not verify with another key', async () => {
    const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = join(bench.directory, 'other.pub');
    writeFileSync(file, key.export({ type: 'spki', format: 'pem' }));
    const check = await verifySignature({ signatures: signatures(), image, publicKey: file, annotations });
    expect(check).toMatchObject({
      ok: false,
      code: 'key-mismatch',
    });
  });

  test('of nonproduction does not verify for production', async () => {
    const check = await verifySignature({
      signatures: signatures(),
      image,
      publicKey: publicKey('nonproduction'),
      annotations,
    });
    expect(check).toMatchObject({ ok: false });
  });

  test('of one service does not verify for another', async () => {
    const check = await verifySignature({
      signatures: signatures(),
      image,
      publicKey: publicKey('production'),
      annotations: { ...annotations, 'bowline.service': 'hello' },
    });
    expect(check).toMatchObject({ ok: false });
  });

  test('is only in the repository for signatures', async () => {
    const check = await verifySignature({
      signatures: `${first.image?.repository}` as ImageRepository,
      image,
      publicKey: publicKey('production'),
      annotations,
    });
    expect(check).toMatchObject({ ok: false, code: 'no-signature' });
  });
});

test('no service is left running', async () => {
  const { registry } = JSON.parse(readFileSync(join(stateDirectory, 'ports.json'), 'utf8')) as { registry: number };
  await expect(fetch(`http://127.0.0.1:${registry}/v2/`)).rejects.toThrow();
  expect(existsSync(join(stateDirectory, 'run.lock'))).toBe(false);
});

import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type VerifyOptions, verifyCommand } from '../../../lib/cli/actions/verify';
import { type Changes, world } from '../../evidence/world';

const root = join(__dirname, '..', '..', '..');
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
let folder: string;
let key: string;
let output: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowline-verify-'));
  key = join(folder, 'production.pub');
  writeFileSync(key, pem);
  output = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output.push(String(text));
    return true;
  });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  jest.restoreAllMocks();
  process.exitCode = 0;
});

async function run(options: Partial<VerifyOptions> = {}, changes: Changes = {}, reference?: string) {
  const { location, readers, now } = world(changes);
  const image = reference ?? `${location.repository}@${location.digest}`;
  await verifyCommand(image, { json: false, ...options }, { readers, now });
  return { text: output.join(''), exitCode: process.exitCode };
}

test('verifies with the registry and a public key alone, and says what it could not judge', async () => {
  const { text, exitCode } = await run({ key });
  expect(exitCode).toBe(0);
  expect(text).toContain('hello, built from acme/hello refs/heads/main at ccc');
  expect(text).toMatch(/^passed {2,}signature +signed for production/m);
  expect(text).toMatch(/^skipped +repository +the catalog says which repository that is$/m);
  expect(text.trimEnd()).toMatch(
    /\nverified, as far as that goes without a catalog: repository, source, verdict-age, database-age, findings skipped$/,
  );
});

test('names the check that fails, its code and the reason, and exits with 2', async () => {
  const { text, exitCode } = await run({ key }, { predicate: { verdict: { outcome: 'blocked' } } });
  expect(exitCode).toBe(2);
  expect(text).toMatch(/^failed +outcome +verdict-not-passed: the verdict is blocked/m);
  expect(text.trimEnd()).toMatch(/\nnot verified: verdict-not-passed$/);
});

test('prints one JSON object for programs', async () => {
  const { text } = await run({ key, json: true }, { predicate: { scannedAt: '2099-01-01T00:00:00Z' } });
  expect(JSON.parse(text)).toMatchObject({
    ok: false,
    code: 'future-verdict',
    outcome: 'not-verified',
    service: 'hello',
    source: { ref: 'refs/heads/main' },
    checks: expect.arrayContaining([
      expect.objectContaining({ id: 'image', outcome: 'passed' }),
      expect.objectContaining({ id: 'verdict-age', outcome: 'failed', code: 'future-verdict' }),
    ]),
  });
});

test('a registry without an answer is inconclusive: exit 1', async () => {
  const { text, exitCode } = await run({ key }, { registry: { $index: { kind: 'unknown', message: 'refused' } } });
  expect(exitCode).toBe(1);
  expect(text.trimEnd()).toMatch(/\ninconclusive: registry-unreachable$/);
});

test('a class that is asked for must have signed', async () => {
  expect((await run({ key, class: 'production' })).exitCode).toBe(0);
  expect((await run({ key, class: 'nonproduction' })).exitCode).toBe(2);
});

test.each<readonly [string, Partial<VerifyOptions>, string | undefined, string]>([
  ['a tag', {}, 'registry.example/acme/hello:v1', 'not-a-digest'],
  ['no key', { key: undefined }, undefined, 'input'],
  ['a key file that does not exist', { key: '/nowhere/x.pub' }, undefined, 'no-public-key'],
  ['an environment without a catalog', { environment: 'prod' }, undefined, 'input'],
  ['a malformed repository of signatures', { signatures: 'Not A Repository' }, undefined, 'bad-option'],
])('%s is bad input', async (_, options, reference, code) => {
  await expect(run({ key, ...options }, {}, reference)).rejects.toMatchObject({ code, exitCode: 3 });
});

describe('with a catalog', () => {
  let catalog: string;
  beforeEach(() => {
    catalog = join(folder, 'catalog');
    cpSync(join(root, 'catalog'), catalog, { recursive: true });
    cpSync(key, join(catalog, 'keys', 'production.pub'));
    const platform = join(catalog, 'platform.yaml');
    writeFileSync(platform, `registry: registry.example\n${readFileSync(platform, 'utf8')}`);
  });

  test('the environment names the class, and the catalog judges repository, source and ages', async () => {
    const { text, exitCode } = await run({ catalog, environment: 'prod' });
    expect(text).toMatch(/^passed +repository +registry.example\/acme\/hello$/m);
    expect(text).toMatch(/^passed +source +acme\/hello refs\/heads\/main$/m);
    expect(text).toMatch(/^failed +findings +finding-blocks: /m);
    expect(exitCode).toBe(2);
    const clean = await run({ catalog, environment: 'prod' }, { predicate: { verdict: { findings: [] } } });
    expect(clean.exitCode).toBe(0);
  });

  test('an image in the repository of no service is rejected', async () => {
    const changes = { request: { repository: 'registry.example/acme/cache/pull-requests/hello' } };
    await expect(run({ catalog, environment: 'prod' }, changes)).rejects.toMatchObject({
      code: 'other-repository',
      exitCode: 2,
    });
  });

  test('a class that differs from that of the environment is bad input', async () => {
    await expect(run({ catalog, environment: 'prod', class: 'nonproduction' })).rejects.toMatchObject({ exitCode: 3 });
  });
});

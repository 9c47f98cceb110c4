import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { verifyCommand } from '../../lib/cli/actions/verify';
import { mustRun } from '../../lib/process';
import type { Built, Scanned, Signed } from '../../lib/release';
import { catalogFacts, promote, sign, silentReporter } from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { commitSha, type Digest, digestOf, type ImageRepository, instantOf } from '../../lib/values';
import { craneRegistry, parsePublicKeys, readImage, verify } from '../../lib/verify';
import { nothingFound } from '../steps/gitops/ledger-fixtures';
import { type Bench, stateOf } from './bench';
import { built, identityOf, localRun, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

/** What a record claims, and what the registry has, with the real tools. */
let workbench: Workbench;
let shop: Bench;
let builtShop: Awaited<ReturnType<typeof built>>;
let scannedShop: Awaited<ReturnType<typeof scanned>>;
let signedShop: Awaited<ReturnType<typeof signed>>;

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('hostile-record'));
  shop = workbench.open('shop');
  builtShop = await built(workbench, shop);
  scannedShop = await scanned(shop, builtShop);
  signedShop = await signed(shop, scannedShop);
  await mustRun({
    program: 'git',
    arguments: ['init', '--quiet', '--bare', '--initial-branch=main', shop.ledger],
    timeoutSeconds: 30,
  });
  await publish({ catalog: builtShop.catalog, ledger: { repository: shop.ledger }, renderer, check: nothingFound });
});
afterAll(() => workbench?.close());

const scanForged = (release: Built) => scanned(shop, builtShop, { release });
const signForged = (release: Scanned) =>
  sign({
    platform: builtShop.catalog.platform,
    service: builtShop.service,
    run: localRun,
    release,
    identity: identityOf(builtShop),
    sboms: scannedShop.sboms,
    class: 'production',
    key: signedShop.key,
    signatures: builtShop.names.signatureRepository,
    reporter: silentReporter,
  });
const promoteForged = (release: Signed, changes: Partial<Parameters<typeof promote>[0]> = {}) =>
  promote({
    release,
    environment: 'prod',
    class: 'production',
    publicKey: signedShop.publicKey,
    signatures: builtShop.names.signatureRepository,
    catalog: catalogFacts(builtShop.catalog, 'shop', builtShop.names.imageRepository),
    now: new Date(),
    databases: 'fixture',
    builder: localRun.builder,
    ledger: { repository: shop.ledger },
    renderer,
    reporter: silentReporter,
    ...changes,
  });

/** Pushes an index to the service's own repository, as the build role can. */
async function pushIndex(manifests: readonly object[]): Promise<Digest> {
  const text = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests,
  });
  const [host, ...path] = builtShop.names.imageRepository.split('/');
  const response = await fetch(`http://${host}/v2/${path.join('/')}/manifests/${digestOf(text)}`, {
    method: 'PUT',
    body: text,
    headers: { 'content-type': 'application/vnd.oci.image.index.v1+json' },
  });
  expect(response.status).toBe(201);
  return digestOf(text);
}

const entryOf = (architecture: string) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 1,
  digest: builtShop.release.image.platforms[`linux/${architecture}`],
  platform: { os: 'linux', architecture },
});

test.each<readonly [string, string, (amd64: object) => readonly object[]]>([
  ['of fewer platforms', 'platform-mismatch', (amd64) => [amd64]],
  ['with an entry without a platform', 'platform-unnamed', (amd64) => [amd64, { ...amd64, platform: undefined }]],
  ['with a platform twice', 'platform-twice', (amd64) => [amd64, amd64]],
])('an index %s under the recorded platforms is neither scanned nor signed nor promoted', async (_, code, entries) => {
  const { platforms } = builtShop.release.image;
  expect(Object.keys(platforms).length).toBeGreaterThan(1);
  const digest = await pushIndex(entries(entryOf('amd64')));
  const forge = <Release extends Built | Scanned | Signed>(release: Release) => ({
    ...release,
    image: { ...release.image, digest },
  });
  await expect(scanForged(forge(builtShop.release))).rejects.toMatchObject({ code, exitCode: 2 });
  await expect(signForged(forge(scannedShop.release))).rejects.toMatchObject({ code, exitCode: 2 });
  await expect(promoteForged(forge(signedShop.release))).rejects.toMatchObject({ exitCode: 2 });
});

test("a record that names another service's repository is neither scanned nor signed nor promoted", async () => {
  const repository = builtShop.names.imageRepository.replace(/shop$/, 'other') as ImageRepository;
  const forge = <Release extends Built | Scanned | Signed>(release: Release) => ({
    ...release,
    image: { ...release.image, repository },
  });
  const rejection = { code: 'other-repository', exitCode: 2 };
  await expect(scanForged(forge(builtShop.release))).rejects.toMatchObject(rejection);
  await expect(signForged(forge(scannedShop.release))).rejects.toMatchObject(rejection);
  await expect(promoteForged(forge(signedShop.release))).rejects.toMatchObject({ exitCode: 2 });
});

test('a commit that nobody built, and one that the pipeline does not release, are not promoted', async () => {
  const commit = commitSha('e'.repeat(40));
  const source = { ...signedShop.release.source, commit };
  await expect(promoteForged({ ...signedShop.release, source })).rejects.toMatchObject({ code: 'no-verdict' });
  await expect(promoteForged(signedShop.release, { commit })).rejects.toMatchObject({ code: 'other-commit' });
});

test.each(['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'])(
  'a signed verdict whose databases are from %s is not promoted',
  async (builtAt) => {
    const { verdict, ...release } = scannedShop.release;
    const databases = verdict.databases.map((database) => ({ ...database, origin: 'feed' as const, builtAt }));
    // Earlier than the true one, which stays the latest: without a record, that one is judged.
    const scannedAt = instantOf(new Date(Date.parse(release.scannedAt) - 60_000));
    const forged = await signForged({ ...release, scannedAt, verdict: { ...verdict, databases } });
    await expect(promoteForged(forged, { databases: 'feed' })).rejects.toMatchObject({
      code: builtAt < '2026' ? 'stale-database' : 'future-database',
      exitCode: 2,
    });
  },
);

test('a release that was scanned before the running one is not promoted over it', async () => {
  const now = Date.now();
  await promoteForged(signedShop.release);
  // The running release becomes another image, which was scanned later.
  const environment = { ...process.env, GIT_INDEX_FILE: join(shop.directory, 'index') };
  const git = (words: readonly string[], input?: string) =>
    execFileSync('git', words as string[], { cwd: shop.ledger, input, env: environment, encoding: 'utf8' }).trim();
  const path = 'releases/prod/shop.json';
  const file = JSON.parse(git(['show', `main:${path}`])) as { image: string; evidence: { scannedAt: string } };
  expect(file.evidence.scannedAt).toBe(signedShop.release.scannedAt);
  file.image = file.image.replace(/sha256:.*/, digestOf('a later image'));
  file.evidence.scannedAt = instantOf(new Date(now + 60_000));
  const person = ['-c', 'user.name=A person', '-c', 'user.email=person@example.com'];
  git(['read-tree', 'main']);
  const blob = git(['hash-object', '-w', '--stdin'], `${JSON.stringify(file)}\n`);
  git(['update-index', '--cacheinfo', `100644,${blob},${path}`]);
  const commit = git([...person, 'commit-tree', git(['write-tree']), '-p', 'main', '-m', 'A later release']);
  git(['update-ref', 'refs/heads/main', commit]);
  await expect(promoteForged(signedShop.release)).rejects.toMatchObject({ code: 'older-release', exitCode: 2 });
});

describe('bowline verify', () => {
  const outputs: string[] = [];
  beforeEach(() => {
    outputs.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => outputs.push(String(text)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = 0;
  });
  const run = async (digest: string) => {
    const image = `${builtShop.names.imageRepository}@${digest}`;
    await verifyCommand(image, {
      json: true,
      key: signedShop.publicKey,
      vulnerabilityDatabase: 'fixture',
      builder: 'local',
    });
    return { exitCode: process.exitCode, ...(JSON.parse(outputs.join('')) as { ok: boolean; code?: string }) };
  };

  test('verifies the signed image with the key alone', async () => {
    expect(await run(signedShop.release.image.digest)).toMatchObject({ ok: true, exitCode: 0, service: 'shop' });
  });

  test('does not verify the image of one platform, and an image that is not there', async () => {
    const amd64 = builtShop.release.image.platforms['linux/amd64'] as string;
    expect(await run(amd64)).toMatchObject({ ok: false, exitCode: 2, code: 'no-signature' });
    outputs.length = 0;
    expect(await run(digestOf('nothing'))).toMatchObject({ ok: false, exitCode: 2, code: 'image-missing' });
  });
});

describe('a hostile registry', () => {
  let server: Server;
  let answer: (path: string, honest: Buffer) => { readonly status: number; readonly body: Buffer | string };
  beforeEach(async () => {
    const [host] = builtShop.names.imageRepository.split('/');
    server = createServer(async (request, response) => {
      const honest = await fetch(`http://${host}${request.url}`, {
        method: request.method,
        headers: { accept: request.headers.accept ?? '*/*' },
      });
      const { status, body } = answer(request.url ?? '', Buffer.from(await honest.arrayBuffer()));
      const type = honest.headers.get('content-type');
      response.writeHead(status === 200 ? honest.status : status, {
        ...(type === null ? {} : { 'content-type': type }),
        // A liar repeats the digest that it was asked for.
        ...(/sha256:[0-9a-f]{64}$/.test(request.url ?? '')
          ? { 'docker-content-digest': (request.url ?? '').split('/').at(-1) }
          : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterEach(() => server.close());

  const through = (repository: ImageRepository) =>
    repository.replace(/^[^/]+/, `127.0.0.1:${(server.address() as AddressInfo).port}`) as ImageRepository;
  const ask = () =>
    verify({
      location: {
        repository: through(builtShop.names.imageRepository),
        digest: builtShop.release.image.digest,
        signatures: through(builtShop.names.signatureRepository),
      },
      keys: parsePublicKeys(readFileSync(signedShop.publicKey, 'utf8'), 'production.pub'),
      expected: { databases: 'fixture', builder: localRun.builder },
      now: new Date(),
    });
  const failureOf = async () => {
    const { outcome, checks } = await ask();
    return { outcome, codes: checks.flatMap((check) => ('code' in check ? [check.code] : [])) };
  };

  test('that is honest about everything but its name gives evidence about another repository', async () => {
    answer = (_, body) => ({ status: 200, body });
    expect(await failureOf()).toEqual({ outcome: 'not-verified', codes: ['verdict-subject-mismatch'] });
  });

  test.each<readonly [string, (path: string, honest: Buffer) => { status: number; body: Buffer | string }, string]>([
    [
      'that returns an altered index',
      (path, body) => ({ status: 200, body: path.endsWith(builtShop.release.image.digest) ? `${body} ` : body }),
      'registry-mismatch',
    ],
    [
      'that returns the manifest of another platform',
      (path, body) => ({
        status: 200,
        body: path.endsWith(builtShop.release.image.platforms['linux/arm64'] as string) ? '{"schemaVersion":2}' : body,
      }),
      'registry-mismatch',
    ],
    [
      'that hides the signatures',
      (path, body) => ({ status: /signatures/.test(path) ? 404 : 200, body }),
      'no-signature',
    ],
    [
      'that refuses to list referrers',
      (path, body) => (/signatures/.test(path) ? { status: 405, body: 'no' } : { status: 200, body }),
      'evidence-unreadable',
    ],
    [
      'that fails when it is asked for signatures',
      (path, body) => (/signatures/.test(path) ? { status: 500, body: 'no' } : { status: 200, body }),
      'evidence-unreadable',
    ],
  ])('%s verifies nothing', async (_, change, code) => {
    answer = change;
    const { outcome, codes } = await failureOf();
    expect(outcome).not.toBe('verified');
    expect(codes).toContain(code);
  });

  test('that changes nothing gives the image: the cases above fail because of what they change', async () => {
    answer = (_, body) => ({ status: 200, body });
    const repository = through(builtShop.names.imageRepository);
    expect(await readImage(craneRegistry, repository, builtShop.release.image.digest)).toMatchObject({ kind: 'image' });
  });
});

test('a key of another platform verifies nothing', async () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const verification = await verify({
    location: {
      repository: builtShop.names.imageRepository,
      digest: builtShop.release.image.digest,
      signatures: builtShop.names.signatureRepository,
    },
    keys: parsePublicKeys(String(stranger), 'stranger.pub'),
    expected: { databases: 'fixture', builder: localRun.builder },
    now: new Date(),
  });
  expect(verification.outcome).toBe('not-verified');
  expect(verification.checks.find(({ id }) => id === 'signature')).toMatchObject({ code: 'key-mismatch' });
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { loadCatalog } from '../../lib/catalog';
import type { LedgerLocation } from '../../lib/ledger';
import { ensureLocalBases } from '../../lib/local/bases/bases';
import { writeRunCatalog } from '../../lib/local/road/run-catalog';
import { type LocalServices, startLocalServices } from '../../lib/local/services/services';
import { platformNames, serviceNames } from '../../lib/pipeline/names';
import { mustRun } from '../../lib/process';
import { type Built, type Scanned, type Signed, writeRecord } from '../../lib/release';
import { standInDatabases, toolPath } from '../../lib/tools';
import { type CommitSha, type Digest, digestOf } from '../../lib/values';
import {
  promote,
  publicKeyDigest,
  publicKeyOf,
  readReleaseFolder,
  scan,
  sign,
  silent,
  VerbError,
  writeReleaseFolder,
} from '../../lib/verbs';
import { build } from '../../lib/verbs/build';
import { publish } from '../../lib/verbs/publish';
import { kms } from '../local/services/kms';
import { nothingFound } from '../verbs/ledger-fixtures';
import { type Bench, openBench, root, stateOf } from './bench';

jest.setTimeout(240_000);

const testdata = join(__dirname, 'testdata');
const stateDirectory = stateOf('gates');
let shop: Bench;
let vulnerable: Bench;
let services: LocalServices;
let environmentBefore: NodeJS.ProcessEnv;

beforeAll(async () => {
  shop = openBench(join(testdata, 'shop'), join(testdata, 'shop.yaml'), stateDirectory);
  vulnerable = openBench(join(testdata, 'vulnerable'), join(testdata, 'vulnerable.yaml'), stateDirectory);
  const { platform } = loadCatalog(join(root, 'catalog'));
  const keys = ['nonproduction', 'production'].map(platformNames(platform).keyAlias);
  services = await startLocalServices({ stateDirectory, region: platform.pipeline.region, keys });
  environmentBefore = { ...process.env };
  Object.assign(process.env, services.aws.environment);
});

afterAll(async () => {
  process.env = environmentBefore;
  await services.stop();
  shop.dispose();
  vulnerable.dispose();
});

/** Builds a bench's source by the verbs alone. */
async function built(bench: Bench, commit = 'a'.repeat(40)) {
  const bases = await ensureLocalBases(['builder', 'static'], {
    registry: services.registry,
    stateDirectory,
    progress: () => {},
  });
  const catalog = writeRunCatalog(
    join(root, 'catalog'),
    join(bench.directory, 'catalog'),
    { bases, registry: services.registry, ledger: `file://${bench.ledger}` },
    bench.serviceFile,
  );
  const service = catalog.services.find(({ name }) =>
    bench.serviceFile.endsWith(`${name}.yaml`),
  ) as (typeof catalog.services)[number];
  const names = serviceNames(catalog.platform, service.name);
  const release = await build({
    platform: catalog.platform,
    service,
    source: bench.source,
    commit: commit as CommitSha,
    repository: names.imageRepository,
    buildkit: services.buildkit,
    hostNetwork: true,
    binariesDirectory: join(bench.directory, 'binaries'),
    reporter: silent,
  });
  return { catalog, service, names, release };
}

const standIn = () => ({ origin: 'stand-in' as const, ...standInDatabases() });

async function scanned(
  bench: Bench,
  changes: { databases?: Parameters<typeof scan>[0]['databases']; release?: (release: Built) => Built } = {},
) {
  const made = await built(bench);
  const release = changes.release ? changes.release(made.release) : made.release;
  const result = await scan({
    catalog: made.catalog,
    service: made.service,
    release,
    source: bench.source,
    databases: changes.databases ?? standIn(),
    renderer,
    now: new Date(),
    reporter: silent,
  });
  return { ...made, ...result };
}

const codes = (release: Scanned) => release.verdict.reasons.map(({ code }) => code);

test('a service with a known vulnerable module is blocked, by name and with the fix', async () => {
  const { release } = await scanned(vulnerable);
  expect(release.verdict.outcome).toBe('blocked');
  expect(release.verdict.reasons[0]?.message).toMatch(
    /CVE-2024-45338 .*golang\.org\/x\/net v0\.32\.0, fixed in 0\.33\.0: the vulnerable function is called/,
  );
});

test('the road stops at scan with exit code 2, names the fix, and commits no release', async () => {
  const result = await vulnerable.run().catch((error: Error) => error);
  // The services of this file hold the state folder's ports; the road waits for nothing, it starts its own.
  expect(result).toMatchObject({
    verdict: 'blocked',
    signed: false,
    promoted: {},
    failed: { action: 'Scan/Scan', exitCode: 2 },
  });
  expect((result as { failed: { log: string } }).failed.log).toContain('fixed in 0.33.0');
});

test("without the scanner's database the verdict is unreliable, never clean", async () => {
  const nowhere = join(shop.directory, 'nowhere');
  mkdirSync(nowhere, { recursive: true });
  const { release } = await scanned(shop, {
    databases: { origin: 'stand-in', grype: nowhere, govulncheck: nowhere, trivy: nowhere },
  });
  expect(release.verdict.outcome).toBe('unreliable');
  expect(codes(release).filter((code) => code === 'scanner-failed').length).toBeGreaterThanOrEqual(2);
});

test('an image that is not in the registry can not be scanned', async () => {
  const other = (release: Built): Built => ({
    ...release,
    image: { ...release.image, platforms: { 'linux/amd64': digestOf('not there') } },
  });
  await expect(scanned(shop, { release: other })).rejects.toThrow(/syft/);
});

test('what was not passed is not signed', async () => {
  const { release, files, names } = await scanned(vulnerable);
  const input = {
    release,
    sboms: files,
    class: 'production',
    key: platformNames((await built(vulnerable)).catalog.platform).key('production'),
    signatures: names.signatureRepository,
    reporter: silent,
  };
  await expect(sign(input)).rejects.toMatchObject({ code: 'verdict-not-passed', exitCode: 2 });
});

async function signed(bench: Bench) {
  const made = await scanned(bench);
  const sboms = Object.fromEntries(
    Object.keys(made.release.sboms).map((platform) => [
      platform,
      made.files[`sbom/${platform.replace('/', '-')}.cdx.json`] as string,
    ]),
  );
  const key = platformNames(made.catalog.platform).key('production');
  const publicKey = join(bench.directory, 'production.pub');
  writeFileSync(publicKey, await publicKeyOf(key));
  const release = await sign({
    release: made.release,
    sboms,
    class: 'production',
    key,
    signatures: made.names.signatureRepository,
    reporter: silent,
  });
  return { ...made, release, publicKey, sboms, key };
}

describe('promote', () => {
  let made: Awaited<ReturnType<typeof signed>>;
  let ledger: LedgerLocation;

  beforeAll(async () => {
    made = await signed(shop);
    await mustRun({
      program: 'git',
      arguments: ['init', '--quiet', '--bare', '--initial-branch=main', shop.ledger],
      timeoutSeconds: 30,
    });
    ledger = { repository: shop.ledger };
    await publish({ catalog: made.catalog, ledger, renderer, check: nothingFound });
  });

  const attempt = (release: Signed, changes: Partial<Parameters<typeof promote>[0]> = {}) =>
    promote({
      release,
      environment: 'prod',
      class: 'production',
      publicKey: made.publicKey,
      signatures: made.names.signatureRepository,
      ledger,
      renderer,
      reporter: silent,
      ...changes,
    });

  test('refuses a verdict that nobody has attested', async () => {
    const better: Signed = { ...made.release, verdict: { ...made.release.verdict, findings: [], reasons: [] } };
    await expect(attempt(better)).rejects.toMatchObject({ code: 'no-verdict', exitCode: 2 });
  });

  test('refuses an SBOM that is not the attested one', async () => {
    const sboms = { ...made.release.sboms, 'linux/amd64': { digest: digestOf('another'), components: 9 } };
    await expect(attempt({ ...made.release, sboms })).rejects.toBeInstanceOf(VerbError);
  });

  test('refuses an image of another digest, whatever the record says of it', async () => {
    const image = { ...made.release.image, digest: made.release.image.platforms['linux/amd64'] as Digest };
    await expect(attempt({ ...made.release, image })).rejects.toMatchObject({ code: 'no-signature', exitCode: 2 });
  });

  test('refuses an environment whose class did not sign', async () => {
    await expect(attempt(made.release, { environment: 'dev', class: 'nonproduction' })).rejects.toMatchObject({
      exitCode: 2,
    });
  });

  test('takes an empty or foreign public key for bad input, not for a refusal', async () => {
    const empty = join(shop.directory, 'empty.pub');
    writeFileSync(empty, '');
    await expect(attempt(made.release, { publicKey: empty })).rejects.toMatchObject({
      code: 'bad-public-key',
      exitCode: 3,
    });
    await expect(attempt(made.release, { publicKey: join(shop.directory, 'none.pub') })).rejects.toMatchObject({
      code: 'no-public-key',
      exitCode: 3,
    });
  });

  test('refuses when one byte of the attested SBOM was changed in the registry', async () => {
    const tampered = await withTamperedSbom(made);
    try {
      await expect(attempt(made.release)).rejects.toMatchObject({ code: 'no-sbom', exitCode: 2 });
    } finally {
      await tampered.restore();
    }
    await expect(attempt(made.release)).resolves.toMatchObject({ changed: true });
  });

  test('takes a signature by either key of a class that has two, and names the one', async () => {
    const newer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    const both = join(shop.directory, 'both.pub');
    writeFileSync(
      both,
      `# since today\n${newer}# until everything that runs is signed anew\n${readFileSync(made.publicKey)}`,
    );
    const notes: string[] = [];
    await attempt(made.release, { publicKey: both, reporter: { ...silent, note: (text) => notes.push(text) } });
    expect(notes.join()).toContain(publicKeyDigest(readFileSync(made.publicKey, 'utf8')).slice(0, 19));
    const other = join(shop.directory, 'newer.pub');
    writeFileSync(other, newer);
    await expect(attempt(made.release, { publicKey: other })).rejects.toMatchObject({
      code: 'key-mismatch',
      exitCode: 2,
    });
  });

  test('commits nothing when it is asked again', async () => {
    await expect(attempt(made.release)).resolves.toMatchObject({ changed: false });
  });

  test('goes on through the replacement of a key: the newest signs, and either verifies', async () => {
    const alias = made.key.replace('awskms:///', '');
    const { KeyMetadata: before } = await kms(services, 'DescribeKey', { KeyId: alias });
    const { KeyMetadata: newer } = await kms(services, 'CreateKey', {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
    await kms(services, 'UpdateAlias', { AliasName: alias, TargetKeyId: newer.KeyId });
    try {
      const pem = await publicKeyOf(made.key);
      expect(pem).not.toBe(readFileSync(made.publicKey, 'utf8'));
      const both = join(shop.directory, 'rotated.pub');
      writeFileSync(both, `${pem}${readFileSync(made.publicKey)}`);
      // What was signed before goes on being let in, without being signed anew.
      await expect(attempt(made.release, { publicKey: both })).resolves.toBeDefined();
      const release = await sign({
        release: made.release,
        sboms: made.sboms,
        class: 'production',
        key: made.key,
        signatures: made.names.signatureRepository,
        reporter: silent,
      });
      expect(release.signatures.map(({ publicKey }) => publicKey)).toEqual([publicKeyDigest(pem)]);
      const alone = join(shop.directory, 'newest.pub');
      writeFileSync(alone, pem);
      await expect(attempt(release, { publicKey: alone })).resolves.toBeDefined();
      await expect(attempt(release, { publicKey: both })).resolves.toBeDefined();
    } finally {
      await kms(services, 'UpdateAlias', { AliasName: alias, TargetKeyId: before.KeyId });
    }
  });
});

/** Replaces the bundle of the amd64 SBOM in the registry by one whose payload differs in one byte: new blob, new manifest, new index of referrers. */
async function withTamperedSbom({
  names,
  release,
}: Awaited<ReturnType<typeof signed>>): Promise<{ restore(): Promise<void> }> {
  const [host, ...path] = names.signatureRepository.split('/');
  const api = `http://${host}/v2/${path.join('/')}`;
  const tag = (release.image.platforms['linux/amd64'] as string).replace(':', '-');
  const accept = { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' };
  const indexText = await (await fetch(`${api}/manifests/${tag}`, { headers: accept })).text();
  const index = JSON.parse(indexText) as {
    manifests: { digest: string; size: number; annotations?: Record<string, string> }[];
  };
  const put = async (reference: string, text: string, type: string) => {
    const response = await fetch(`${api}/manifests/${reference}`, {
      method: 'PUT',
      body: text,
      headers: { 'content-type': type },
    });
    expect(response.status).toBe(201);
  };
  for (const entry of index.manifests) {
    const manifestText = await (await fetch(`${api}/manifests/${entry.digest}`, { headers: accept })).text();
    const manifest = JSON.parse(manifestText) as { layers: { digest: string; size: number }[] };
    const [layer] = manifest.layers as [{ digest: string; size: number }];
    const bundle = JSON.parse(await (await fetch(`${api}/blobs/${layer.digest}`)).text()) as {
      dsseEnvelope: { payload: string };
    };
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8');
    if (!payload.includes('CycloneDX')) {
      continue;
    }
    bundle.dsseEnvelope.payload = Buffer.from(payload.replace('stdlib', 'stdlip')).toString('base64');
    const blob = JSON.stringify(bundle);
    await crane('blob', names.signatureRepository, blob, host as string);
    layer.digest = digestOf(blob);
    layer.size = blob.length;
    const altered = JSON.stringify(manifest);
    await put(digestOf(altered), altered, 'application/vnd.oci.image.manifest.v1+json');
    entry.digest = digestOf(altered);
    entry.size = altered.length;
  }
  const alteredIndex = JSON.stringify(index);
  expect(alteredIndex).not.toBe(JSON.stringify(JSON.parse(indexText)));
  await put(tag, alteredIndex, 'application/vnd.oci.image.index.v1+json');
  return { restore: () => put(tag, indexText, 'application/vnd.oci.image.index.v1+json') };
}

/** Uploads a blob by the distribution API. */
async function crane(_: 'blob', repository: string, blob: string, host: string): Promise<void> {
  const path = repository.slice(host.length + 1);
  const started = await fetch(`http://${host}/v2/${path}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(started.headers.get('location') as string, `http://${host}`);
  location.searchParams.set('digest', digestOf(blob));
  const done = await fetch(location, {
    method: 'PUT',
    body: blob,
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect(done.status).toBe(201);
}

test('a record that was edited between two verbs is refused by its hash', async () => {
  const { release } = await built(shop);
  const folder = join(shop.directory, 'handed-on');
  const sha256 = writeReleaseFolder(folder, { release, files: {} });
  expect(readReleaseFolder(folder, sha256)).toEqual(release);
  const other = { ...release, image: { ...release.image, digest: digestOf('evil') } };
  writeFileSync(join(folder, 'release.json'), writeRecord(other).text);
  expect(() => readReleaseFolder(folder, sha256)).toThrow(/not the one that was handed on/);
});

test('the build context holds what the compiler reads, and no secret', async () => {
  const { catalog, service } = await built(shop);
  const plant: Record<string, string> = {
    '.git/config': 'x',
    '.env': 'SECRET=1',
    'tls.pem': 'x',
    'deep/id_rsa': 'x',
    'app.log': 'x',
    'cdk.out/manifest.json': '{}',
    'README.md': 'x',
    'main_test.go': 'package main\n',
    'web/page.html': '<p>',
    'web/private.key': 'x',
    'web/embed.go': 'package web\n\nimport "embed"\n\n//go:embed page.html private.key\nvar Files embed.FS\n',
  };
  for (const [path, text] of Object.entries(plant)) {
    mkdirSync(join(shop.source, path, '..'), { recursive: true });
    writeFileSync(join(shop.source, path), text);
  }
  const { recipeOf } = await import('../../lib/image');
  const { readSource } = await import('../../lib/verbs');
  const recipe = recipeOf(catalog.platform, service, readSource(shop.source));
  const dockerfiles = join(shop.directory, 'context-dockerfile');
  mkdirSync(dockerfiles, { recursive: true });
  writeFileSync(join(dockerfiles, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  writeFileSync(join(dockerfiles, 'Dockerfile.dockerignore'), recipe.dockerignore);
  const out = join(shop.directory, 'context');
  await mustRun({
    program: toolPath('buildctl'),
    arguments: [
      '--addr',
      services.buildkit,
      'build',
      '--frontend',
      'dockerfile.v0',
      '--local',
      `context=${shop.source}`,
      '--local',
      `dockerfile=${dockerfiles}`,
      '--output',
      `type=local,dest=${out}`,
    ],
    timeoutSeconds: 60,
  });
  const { stdout } = await mustRun({
    program: 'find',
    arguments: ['.', '-type', 'f'],
    directory: out,
    timeoutSeconds: 10,
  });
  expect(stdout.trim().split('\n').sort()).toEqual(['./go.mod', './main.go', './web/embed.go', './web/page.html']);
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provenanceType } from '../../lib/provenance';
import { sign, silentReporter } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import { digestOf, imageReference, parseImageReference } from '../../lib/values';
import { parsePublicKeys, verify } from '../../lib/verify';
import { type Bench, stateOf } from './bench';
import { built, identityOf, localRun, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

let workbench: Workbench;
let shop: Bench;
let release: Awaited<ReturnType<typeof signed>>;
beforeAll(async () => {
  workbench = await openWorkbench(stateOf('provenance'));
  shop = workbench.open('shop');
  release = await signed(shop, await scanned(shop, await built(workbench, shop)));
});
afterAll(() => workbench?.close());

/** Runs cosign as a third party does: with the public key alone. */
function cosign(image: string, type: string, key = release.publicKey) {
  const empty = join(shop.directory, 'empty');
  mkdirSync(empty, { recursive: true });
  const words = ['--key', key, '--insecure-ignore-tlog=true', '--allow-http-registry', '--type', type, image];
  return spawnSync(toolPath('cosign'), ['verify-attestation', ...words], {
    cwd: empty,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: empty, COSIGN_REPOSITORY: release.names.signatureRepository },
  });
}

const index = () => imageReference(release.release.image.repository, release.release.image.digest);

test('cosign alone verifies the provenance, and its statement is about this index only', () => {
  const { status, stdout } = cosign(index(), 'slsaprovenance1');
  expect(status).toBe(0);
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(1);
  const { payload } = JSON.parse(lines[0] as string);
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
  const { repository, digest, platforms } = release.release.image;
  expect(statement.subject).toEqual([{ name: repository, digest: { sha256: digest.slice(7) } }]);
  expect(statement.predicateType).toBe(provenanceType);
  const { buildDefinition, runDetails } = statement.predicate;
  expect(buildDefinition.externalParameters).toMatchObject({
    artifact: 'image',
    platforms: Object.keys(platforms).sort(),
    service: 'shop',
    source: { repository: release.service.source.repository, ref: 'refs/heads/main' },
  });
  const { bases } = release.catalog.platform;
  const goMod = digestOf(readFileSync(join(shop.source, 'go.mod')));
  expect(buildDefinition.resolvedDependencies).toEqual([
    { name: 'source', digest: { gitCommit: 'a'.repeat(40) } },
    expect.objectContaining({
      name: 'builder',
      digest: { sha256: parseImageReference(bases.builder).digest.slice(7) },
    }),
    expect.objectContaining({ name: 'donor', digest: { sha256: parseImageReference(bases.static).digest.slice(7) } }),
    { name: 'source/go.mod', digest: { sha256: goMod.slice(7) } },
  ]);
  expect(runDetails).toEqual({ builder: { id: 'https://bowline.dev/builders/local/v1' } });
});

test('the images of the platforms have no provenance of their own: the index names them', () => {
  const { repository, platforms } = release.release.image;
  for (const digest of Object.values(platforms)) {
    expect(cosign(imageReference(repository, digest), 'slsaprovenance1').status).not.toBe(0);
  }
});

test('another key verifies no provenance', () => {
  const other = join(__dirname, '..', '..', 'catalog', 'keys', 'production.pub');
  expect(cosign(index(), 'slsaprovenance1', other).status).not.toBe(0);
});

test('the verifier accepts the builder that made the image, and no other', async () => {
  const outcome = async (builder: Parameters<typeof verify>[0]['expected']['builder']) => {
    const { checks } = await verify({
      location: { ...release.release.image, signatures: release.names.signatureRepository },
      keys: parsePublicKeys(readFileSync(release.publicKey, 'utf8'), 'production.pub'),
      expected: { databases: 'fixture', builder },
      now: new Date(),
    });
    return checks.flatMap((check) => (check.outcome === 'failed' ? [check.code] : []));
  };
  expect(await outcome(localRun.builder)).toEqual([]);
  expect(await outcome({ kind: 'codebuild' })).toEqual(['provenance-mismatch']);
});

test('a later run of the same release attests nothing again, although its execution is another one', async () => {
  const notes: string[] = [];
  await sign({
    platform: release.catalog.platform,
    service: release.service,
    run: { ...localRun, execution: 'another' },
    release: release.release,
    identity: identityOf(release),
    sboms: release.sboms,
    class: 'production',
    key: release.key,
    signatures: release.names.signatureRepository,
    reporter: { ...silentReporter, note: (text) => notes.push(text) },
  });
  expect(notes).toEqual(['already signed by production: nothing to do']);
});

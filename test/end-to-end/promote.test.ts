import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import type { LedgerLocation } from '../../lib/ledger';
import { mustRun } from '../../lib/process';
import type { Signed } from '../../lib/release';
import { catalogFacts, promote, publicKeyDigest, publicKeyOf, sign, silentReporter } from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { type Digest, digestOf } from '../../lib/values';
import { kms } from '../local/services/kms';
import { nothingFound } from '../steps/gitops/ledger-fixtures';
import { type Bench, stateOf } from './bench';
import { built, identityOf, localRun, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

let workbench: Workbench;
let shop: Bench;
let signedRelease: Awaited<ReturnType<typeof signed>>;
let ledger: LedgerLocation;

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('promote'));
  shop = workbench.open('shop');
  signedRelease = await signed(shop, await scanned(shop, await built(workbench, shop)));
  await mustRun({
    program: 'git',
    arguments: ['init', '--quiet', '--bare', '--initial-branch=main', shop.ledger],
    timeoutSeconds: 30,
  });
  ledger = { repository: shop.ledger };
  await publish({ catalog: signedRelease.catalog, ledger, renderer, check: nothingFound });
});
afterAll(() => workbench?.close());

const attempt = (release: Signed, changes: Partial<Parameters<typeof promote>[0]> = {}) =>
  promote({
    release,
    environment: 'prod',
    class: 'production',
    publicKey: signedRelease.publicKey,
    signatures: signedRelease.names.signatureRepository,
    catalog: catalogFacts(signedRelease.catalog, 'shop', signedRelease.names.imageRepository),
    now: new Date(),
    databases: 'fixture',
    builder: localRun.builder,
    ledger,
    renderer,
    reporter: silentReporter,
    ...changes,
  });

test('rejects a verdict that is not attested', async () => {
  const better: Signed = {
    ...signedRelease.release,
    verdict: { ...signedRelease.release.verdict, findings: [], reasons: [] },
  };
  await expect(attempt(better)).rejects.toMatchObject({ code: 'no-verdict', exitCode: 2 });
});

test('rejects an SBOM that is not the attested one', async () => {
  const sboms = { ...signedRelease.release.sboms, 'linux/amd64': { digest: digestOf('another'), components: 9 } };
  await expect(attempt({ ...signedRelease.release, sboms })).rejects.toMatchObject({ code: 'no-verdict', exitCode: 2 });
});

test('rejects an image with another digest, even if the record claims it', async () => {
  const image = {
    ...signedRelease.release.image,
    digest: signedRelease.release.image.platforms['linux/amd64'] as Digest,
  };
  await expect(attempt({ ...signedRelease.release, image })).rejects.toMatchObject({
    code: 'no-signature',
    exitCode: 2,
  });
});

test('rejects an environment whose class did not sign', async () => {
  await expect(attempt(signedRelease.release, { environment: 'dev', class: 'nonproduction' })).rejects.toMatchObject({
    exitCode: 2,
  });
});

test('an empty or missing public key file is bad input, not a rejection', async () => {
  const empty = join(shop.directory, 'empty.pub');
  writeFileSync(empty, '');
  await expect(attempt(signedRelease.release, { publicKey: empty })).rejects.toMatchObject({
    code: 'bad-public-key',
    exitCode: 3,
  });
  await expect(attempt(signedRelease.release, { publicKey: join(shop.directory, 'none.pub') })).rejects.toMatchObject({
    code: 'no-public-key',
    exitCode: 3,
  });
});

test('rejects an attested SBOM with one changed byte in the registry', async () => {
  const tampered = await withTamperedSbom(signedRelease);
  try {
    await expect(attempt(signedRelease.release)).rejects.toMatchObject({ code: 'no-sbom', exitCode: 2 });
  } finally {
    await tampered.restore();
  }
  await expect(attempt(signedRelease.release)).resolves.toMatchObject({ changed: true });
});

test('accepts a signature by either of two keys of a class, and names the key', async () => {
  const newer = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
  const both = join(shop.directory, 'both.pub');
  writeFileSync(
    both,
    `# since today\n${newer}# until everything that runs is signed again\n${readFileSync(signedRelease.publicKey)}`,
  );
  const notes: string[] = [];
  await attempt(signedRelease.release, {
    publicKey: both,
    reporter: { ...silentReporter, note: (text) => notes.push(text) },
  });
  expect(notes.join()).toContain(publicKeyDigest(readFileSync(signedRelease.publicKey, 'utf8')).slice(0, 19));
  const other = join(shop.directory, 'newer.pub');
  writeFileSync(other, newer);
  await expect(attempt(signedRelease.release, { publicKey: other })).rejects.toMatchObject({
    code: 'key-mismatch',
    exitCode: 2,
  });
});

test('rejects a verdict based on the fixture database unless the option allows it', async () => {
  expect(signedRelease.release.verdict.databases.map(({ origin }) => origin)).toContain('fixture');
  for (const databases of ['feed', undefined] as const) {
    await expect(attempt(signedRelease.release, { databases })).rejects.toMatchObject({
      code: 'fixture-verdict',
      exitCode: 2,
    });
  }
});

test('commits nothing the second time', async () => {
  await expect(attempt(signedRelease.release)).resolves.toMatchObject({ changed: false });
});

test('works while a key is rotated: the newest key signs, and either key verifies', async () => {
  const alias = signedRelease.key.replace('awskms:///', '');
  const { KeyMetadata: before } = await kms(workbench.services, 'DescribeKey', { KeyId: alias });
  const { KeyMetadata: newer } = await kms(workbench.services, 'CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
  });
  await kms(workbench.services, 'UpdateAlias', { AliasName: alias, TargetKeyId: newer.KeyId });
  try {
    const pem = await publicKeyOf(signedRelease.key);
    expect(pem).not.toBe(readFileSync(signedRelease.publicKey, 'utf8'));
    const both = join(shop.directory, 'rotated.pub');
    writeFileSync(both, `${pem}${readFileSync(signedRelease.publicKey)}`);
    // A release that was signed before still verifies, without a new signature.
    await expect(attempt(signedRelease.release, { publicKey: both })).resolves.toBeDefined();
    const release = await sign({
      platform: signedRelease.catalog.platform,
      service: signedRelease.service,
      run: localRun,
      identity: identityOf(signedRelease),
      release: signedRelease.release,
      sboms: signedRelease.sboms,
      class: 'production',
      key: signedRelease.key,
      signatures: signedRelease.names.signatureRepository,
      reporter: silentReporter,
    });
    expect(release.signatures.map(({ publicKey }) => publicKey)).toEqual([publicKeyDigest(pem)]);
    const alone = join(shop.directory, 'newest.pub');
    writeFileSync(alone, pem);
    await expect(attempt(release, { publicKey: alone })).resolves.toBeDefined();
    await expect(attempt(release, { publicKey: both })).resolves.toBeDefined();
  } finally {
    await kms(workbench.services, 'UpdateAlias', { AliasName: alias, TargetKeyId: before.KeyId });
  }
});

/** Changes one byte in the payload of the amd64 SBOM's bundle in the registry: a new blob, a new manifest and a new index of referrers. */
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
    await uploadBlob(host as string, path.join('/'), blob);
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

/** Uploads a blob with the distribution API. */
async function uploadBlob(host: string, path: string, blob: string): Promise<void> {
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

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import type { LedgerLocation } from '../../lib/ledger';
import { mustRun } from '../../lib/process';
import type { Signed } from '../../lib/release';
import { promote, publicKeyDigest, publicKeyOf, sign, silent } from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { type Digest, digestOf } from '../../lib/values';
import { kms } from '../local/services/kms';
import { nothingFound } from '../steps/gitops/ledger-fixtures';
import { type Bench, stateOf } from './bench';
import { built, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(240_000);

let workbench: Workbench;
let shop: Bench;
let made: Awaited<ReturnType<typeof signed>>;
let ledger: LedgerLocation;

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('promote'));
  shop = workbench.open('shop');
  made = await signed(shop, await scanned(shop, await built(workbench, shop)));
  await mustRun({
    program: 'git',
    arguments: ['init', '--quiet', '--bare', '--initial-branch=main', shop.ledger],
    timeoutSeconds: 30,
  });
  ledger = { repository: shop.ledger };
  await publish({ catalog: made.catalog, ledger, renderer, check: nothingFound });
});
afterAll(() => workbench?.close());

const attempt = (release: Signed, changes: Partial<Parameters<typeof promote>[0]> = {}) =>
  promote({
    release,
    environment: 'prod',
    class: 'production',
    publicKey: made.publicKey,
    signatures: made.names.signatureRepository,
    databases: 'fixture',
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
  await expect(attempt({ ...made.release, sboms })).rejects.toMatchObject({ code: 'no-verdict', exitCode: 2 });
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

test('refuses a verdict of the stand-in database unless it is told to take one', async () => {
  expect(made.release.verdict.databases.map(({ origin }) => origin)).toContain('fixture');
  for (const databases of ['feed', undefined] as const) {
    await expect(attempt(made.release, { databases })).rejects.toMatchObject({ code: 'fixture-verdict', exitCode: 2 });
  }
});

test('commits nothing when it is asked again', async () => {
  await expect(attempt(made.release)).resolves.toMatchObject({ changed: false });
});

test('goes on through the replacement of a key: the newest signs, and either verifies', async () => {
  const alias = made.key.replace('awskms:///', '');
  const { KeyMetadata: before } = await kms(workbench.services, 'DescribeKey', { KeyId: alias });
  const { KeyMetadata: newer } = await kms(workbench.services, 'CreateKey', {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
  });
  await kms(workbench.services, 'UpdateAlias', { AliasName: alias, TargetKeyId: newer.KeyId });
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
    await kms(workbench.services, 'UpdateAlias', { AliasName: alias, TargetKeyId: before.KeyId });
  }
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

/** Uploads a blob by the distribution API. */
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

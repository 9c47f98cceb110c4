import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog, requireService } from '../../lib/catalog';
import { binaryProvenance } from '../../lib/provenance';
import {
  type BinariesEvent,
  type Built,
  binariesEvent,
  binariesEventSchema,
  binaryKeys,
  checksumsOf,
  type Scanned,
} from '../../lib/release';
import { announceBinaries, signBinaries, silentReporter, uploadBinaries } from '../../lib/steps';
import { attestBinaries } from '../../lib/steps/binary-provenance';
import type { ObjectStore } from '../../lib/steps/clients/object-store';
import { requireBinarySboms } from '../../lib/steps/scanning/require-binary-sboms';
import { toolPath } from '../../lib/tools';
import { branchRef, commitSha, digestOf } from '../../lib/values';

const contents: Readonly<Record<string, string>> = { 'hello-linux-mips': 'mips', 'hello-windows-amd64.exe': 'windows' };
const release: Pick<Built, 'service' | 'source' | 'binaries'> = {
  service: 'hello',
  source: { repository: 'acme/hello', commit: commitSha('a'.repeat(40)), ref: branchRef('main') },
  binaries: Object.entries(contents).map(([file, text]) => ({
    platform: file.includes('mips') ? ('linux/mips' as const) : ('windows/amd64' as const),
    file,
    digest: digestOf(text),
  })),
};
const keys = binaryKeys(release);

/** An SBOM of a binary. */
const sbomOf = (file: string, version: string, path = `/${file}`) => {
  const properties = [{ name: 'syft:location:0:path', value: path }];
  const modules = ['stdlib', 'example.com/hello'].map((name) => ({
    ...{ type: 'library', name, purl: `pkg:golang/${name}@v1` },
    properties,
  }));
  const metadata = { component: { type: 'file', name: file, version } };
  return JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata, components: modules });
};
const sboms = Object.fromEntries(release.binaries.map(({ file, digest }) => [file, sbomOf(file, digest)]));
const recordOf = (texts: Readonly<Record<string, string>>): Scanned['binarySboms'] =>
  Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, { digest: digestOf(text), components: 2 }]));
const scannedRelease = { ...release, binarySboms: recordOf(sboms) };

const catalog = loadCatalog(join(__dirname, '..', '..', 'catalog'));
const provenanceOf = (platform: string, commit: string = release.source.commit) =>
  binaryProvenance(
    {
      platform: catalog.platform,
      service: requireService(catalog, 'hello'),
      release: {
        source: { ...release.source, commit: commitSha(commit) },
        moduleFiles: {},
        verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: digestOf('policy') },
      },
      run: { builder: { kind: 'local' } },
    },
    platform,
  );
const provenance = (platform: string) => provenanceOf(platform);

class MemoryStore implements ObjectStore {
  readonly bucket = 'acme-binaries';
  readonly objects = new Map<string, Uint8Array>();
  async putNew(key: string, content: Uint8Array): Promise<boolean> {
    if (this.objects.has(key)) {
      return false;
    }
    this.objects.set(key, content);
    return true;
  }
  async get(key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key);
  }
}

let directory: string;
let store: MemoryStore;
let announced: BinariesEvent[];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  for (const [file, text] of Object.entries(contents)) {
    writeFileSync(join(directory, file), text);
  }
  for (const name of ['one', 'two']) {
    execFileSync(toolPath('cosign'), ['generate-key-pair', '--output-key-prefix', name], {
      cwd: directory,
      env: { ...process.env, COSIGN_PASSWORD: '' },
      stdio: 'ignore',
    });
  }
  process.env.COSIGN_PASSWORD = '';
});
afterAll(() => {
  delete process.env.COSIGN_PASSWORD;
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(() => {
  store = new MemoryStore();
  announced = [];
});

const upload = () => uploadBinaries({ store, release, directory, reporter: silentReporter });
const signWith = (name = 'one', environmentClass = 'nonproduction') =>
  signBinaries({
    store,
    release: scannedRelease,
    sboms,
    platform: 'acme',
    class: environmentClass,
    provenance,
    key: join(directory, `${name}.key`),
    announce: async (event) => void announced.push(event),
    reporter: silentReporter,
  });

test('stores binaries under the digest of their checksums, which sha256sum accepts', async () => {
  await upload();
  expect([...store.objects.keys()].sort()).toEqual([
    `${keys.prefix}SHA256SUMS`,
    `${keys.prefix}hello-linux-mips`,
    `${keys.prefix}hello-windows-amd64.exe`,
  ]);
  expect(keys.prefix).toBe(`hello/${digestOf(checksumsOf(release.binaries)).slice(7)}/`);
  writeFileSync(join(directory, 'SHA256SUMS'), store.objects.get(keys.checksums) ?? '');
  expect(execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: directory, encoding: 'utf8' })).toBe(
    'hello-linux-mips: OK\nhello-windows-amd64.exe: OK\n',
  );
});

test('writes nothing for the same build again', async () => {
  await upload();
  const before = new Map(store.objects);
  await upload();
  expect(store.objects).toEqual(before);
});

test('rejects an object that someone else wrote, and does not overwrite it', async () => {
  store.objects.set(keys.file('hello-linux-mips'), Buffer.from('evil'));
  await expect(upload()).rejects.toMatchObject({ code: 'binary-altered', exitCode: 1 });
  expect(Buffer.from(store.objects.get(keys.file('hello-linux-mips')) ?? '').toString()).toBe('evil');
});

test('cosign verifies the signature of the checksums with the public key of the class only', async () => {
  await upload();
  await signWith('one');
  const bundle = join(directory, 'bundle.json');
  writeFileSync(bundle, store.objects.get(keys.signature('nonproduction')) ?? '');
  writeFileSync(join(directory, 'SHA256SUMS'), checksumsOf(release.binaries));
  const verify = (key: string, file = 'SHA256SUMS') =>
    execFileSync(
      toolPath('cosign'),
      ['verify-blob', '--key', `${key}.pub`, '--bundle', bundle, '--insecure-ignore-tlog=true', file],
      { cwd: directory, stdio: 'pipe' },
    );
  expect(() => verify('one')).not.toThrow();
  expect(() => verify('two')).toThrow();
  expect(() => verify('one', 'hello-linux-mips')).toThrow();
});

test('cosign alone verifies the provenance of each binary, with the public key of the class only', async () => {
  await upload();
  await signWith('one');
  const bundle = join(directory, 'provenance.json');
  const verify = (key: string, file: string) =>
    execFileSync(
      toolPath('cosign'),
      [
        ...['verify-blob-attestation', '--key', `${key}.pub`, '--bundle', bundle],
        ...['--type', 'slsaprovenance1', '--insecure-ignore-tlog=true', file],
      ],
      { cwd: directory, stdio: 'pipe' },
    );
  for (const { file, platform, digest } of release.binaries) {
    const text = store.objects.get(keys.provenance('nonproduction', release.source.commit, file)) ?? '';
    writeFileSync(bundle, text);
    expect(() => verify('one', file)).not.toThrow();
    expect(() => verify('two', file)).toThrow();
    expect(() => verify('one', 'SHA256SUMS')).toThrow();
    const { dsseEnvelope } = JSON.parse(Buffer.from(text).toString());
    const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
    expect(statement.subject).toEqual([{ name: file, digest: { sha256: digest.slice(7) } }]);
    expect(statement.predicate).toEqual(JSON.parse(JSON.stringify(provenance(platform))));
  }
});

test('another commit that gives the same binaries has provenance of its own', async () => {
  await upload();
  await signWith();
  const before = new Set(store.objects.keys());
  const commit = 'b'.repeat(40);
  await attestBinaries({
    store,
    release: { ...release, source: { ...release.source, commit: commitSha(commit) } },
    provenance: (platform) => provenanceOf(platform, commit),
    class: 'nonproduction',
    key: join(directory, 'one.key'),
  });
  const added = [...store.objects.keys()].filter((key) => !before.has(key));
  expect(added.sort()).toEqual(
    release.binaries.map(({ file }) => keys.provenance('nonproduction', commit, file)).sort(),
  );
});

test.each<[string, (first: string, second: string) => void]>([
  ['of another binary', (first, second) => store.objects.set(first, store.objects.get(second) as Uint8Array)],
  ['that is not a bundle', (first) => store.objects.set(first, Buffer.from('{}'))],
])('does not announce binaries with provenance %s in the store', async (_, spoil) => {
  await upload();
  await signWith();
  announced = [];
  store.objects.delete(keys.announcement('nonproduction'));
  const [first = '', second = ''] = release.binaries.map(({ file }) =>
    keys.provenance('nonproduction', release.source.commit, file),
  );
  spoil(first, second);
  await expect(signWith()).rejects.toMatchObject({ code: 'binary-altered', exitCode: 1 });
  expect(announced).toEqual([]);
});

test('does not accept provenance by the right key that names another source', async () => {
  await upload();
  const attest = (commit: string) =>
    attestBinaries({
      store,
      release,
      provenance: (platform) => provenanceOf(platform, commit),
      class: 'nonproduction',
      key: join(directory, 'one.key'),
    });
  await attest('b'.repeat(40));
  await expect(attest(release.source.commit)).rejects.toMatchObject({ code: 'binary-altered' });
});

test('announces once, after the signature is stored, and once per class', async () => {
  await upload();
  await signWith();
  await signWith();
  expect(announced).toEqual([
    binariesEvent({ platform: 'acme', bucket: 'acme-binaries', environmentClass: 'nonproduction', release }),
  ]);
  expect(store.objects.has(announced[0]?.signature ?? '')).toBe(true);
  await signWith('two', 'production');
  expect(announced.map((event) => event.class)).toEqual(['nonproduction', 'production']);
});

test.each<[string, object, object, string, number]>([
  ['was not scanned', { 'hello-linux-mips': undefined }, {}, 'binary-not-scanned', 2],
  ['has no SBOM', {}, { 'hello-linux-mips': undefined }, 'sbom-altered', 1],
  [
    'has another SBOM than the recorded one',
    {},
    { 'hello-linux-mips': sboms['hello-windows-amd64.exe'] },
    'sbom-altered',
    1,
  ],
])('signs nothing when a binary %s', async (_, recorded, texts, code, exitCode) => {
  await upload();
  const signing = signBinaries({
    store,
    release: { ...release, binarySboms: { ...scannedRelease.binarySboms, ...recorded } },
    sboms: { ...sboms, ...texts } as Record<string, string>,
    platform: 'acme',
    class: 'nonproduction',
    provenance,
    key: join(directory, 'one.key'),
    announce: async (event) => void announced.push(event),
    reporter: silentReporter,
  });
  await expect(signing).rejects.toMatchObject({ code, exitCode, message: expect.stringContaining('hello-linux-mips') });
  expect([...store.objects.keys()].filter((key) => key.includes('signatures'))).toEqual([]);
});

test.each<[string, string, string]>([
  ['another binary', sboms['hello-windows-amd64.exe'] as string, 'sbom-subject-mismatch'],
  [
    'a binary that could not be read',
    sbomOf('hello-linux-mips', release.binaries[0]?.digest ?? '', '/other'),
    'vacuous-sbom',
  ],
])('signs nothing when the SBOM of a binary is of %s', (_, text, code) => {
  const texts = { ...sboms, 'hello-linux-mips': text };
  expect(() => requireBinarySboms({ ...release, binarySboms: recordOf(texts) }, texts)).toThrow(
    expect.objectContaining({ code, exitCode: 1 }),
  );
});

test('the next run repeats a failed announcement, and does not sign again', async () => {
  await upload();
  const failing = signBinaries({
    store,
    release: scannedRelease,
    sboms,
    platform: 'acme',
    class: 'nonproduction',
    provenance,
    key: join(directory, 'one.key'),
    announce: () => Promise.reject(new Error('the bus is unavailable')),
    reporter: silentReporter,
  });
  await expect(failing).rejects.toThrow('the bus is unavailable');
  const signature = store.objects.get(keys.signature('nonproduction'));
  expect(signature).toBeDefined();
  await signWith();
  expect(announced).toHaveLength(1);
  expect(store.objects.get(keys.signature('nonproduction'))).toBe(signature);
});

test.each<[string, string, () => void]>([
  ['no checksums', 'binary-missing', () => store.objects.delete(keys.checksums)],
  ['other checksums', 'binary-altered', () => store.objects.set(keys.checksums, Buffer.from('0  hello\n'))],
  ['a signature by another key', 'binary-altered', () => undefined],
])('does not sign with %s in the store', async (what, code, spoil) => {
  await upload();
  if (what === 'a signature by another key') {
    await signWith('two');
    announced = [];
  }
  spoil();
  await expect(signWith('one')).rejects.toMatchObject({ code, exitCode: 1 });
  expect(announced).toEqual([]);
});

test('puts the event on the bus, and fails if EventBridge does not accept it', async () => {
  const bodies: { target: unknown; body: { Entries: Record<string, string>[] } }[] = [];
  let failed = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push({ target: request.headers['x-amz-target'], body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.end(JSON.stringify({ FailedEntryCount: failed, Entries: [{ ErrorMessage: 'no such bus' }] }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const aws = {
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' }),
  };
  const event = binariesEvent({ platform: 'acme', bucket: 'acme-binaries', environmentClass: 'production', release });
  try {
    await announceBinaries(aws, event);
    expect(bodies[0]?.target).toBe('AWSEvents.PutEvents');
    const [entry] = bodies[0]?.body.Entries ?? [];
    expect(entry).toMatchObject({ Source: 'bowline', DetailType: 'Bowline Binaries Signed' });
    expect(binariesEventSchema.parse(JSON.parse(entry?.Detail ?? ''))).toEqual(event);
    failed = 1;
    await expect(announceBinaries(aws, event)).rejects.toMatchObject({ code: 'not-announced', exitCode: 1 });
  } finally {
    server.close();
  }
});

test('the event in docs/how-to/binaries.md matches the schema', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'how-to', 'binaries.md'), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const { source, detail, ...rest } = JSON.parse(json);
  expect([source, rest['detail-type']]).toEqual(['bowline', 'Bowline Binaries Signed']);
  expect(binariesEventSchema.safeParse(detail).error).toBeUndefined();
});

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lib/process';
import { publicKeyOf, signImage, writeSigningConfig } from '../../lib/steps/clients/cosign';
import { copyImage, tagImage } from '../../lib/steps/clients/registry';
import { toolPath } from '../../lib/tools';
import { imageReference, imageRepository } from '../../lib/values';
import { parsePublicKeys, verify } from '../../lib/verify';
import { catalogOf, synthesize } from '../pipeline/synthesize';
import { repositoriesOf } from '../strict-registry/repositories';
import { type StrictRegistry, startStrictRegistry } from '../strict-registry/strict-registry';
import { type Bench, stateOf } from './bench';
import { built, localRun, openWorkbench, scanned, signed, type Workbench } from './workbench';

jest.setTimeout(900_000);

let workbench: Workbench;
let strict: StrictRegistry;
let shop: Bench;
let release: Awaited<ReturnType<typeof scanned>>;

beforeAll(async () => {
  const catalog = catalogOf({ services: [readFileSync(join(__dirname, 'testdata', 'shop.yaml'), 'utf8')] });
  const repositories = repositoriesOf(synthesize({ parsed: catalog }).templates.values());
  const opened = await openWorkbench(stateOf('strict-registry'));
  strict = await startStrictRegistry({
    upstream: opened.services.registry,
    repositories: { ...repositories, 'acme/mirror': { tags: 'immutable' } },
  });
  workbench = { ...opened, registry: strict.address };
  shop = workbench.open('shop');
  release = await scanned(shop, await built(workbench, shop));
});

afterAll(async () => {
  await workbench?.close();
  await strict?.close();
});

/** The requests that write, since the nth one. */
const writesSince = (start: number) => strict.requests.slice(start).filter((line) => !/^(?:GET|HEAD) /.test(line));
const image = () => imageReference(release.release.image.repository, release.release.image.digest);

/** Runs a program as a third party does. Not synchronously: the strict registry is in this process. */
function thirdParty(program: 'cosign' | 'crane', words: readonly string[]) {
  const directory = join(shop.directory, 'empty');
  mkdirSync(directory, { recursive: true });
  return run({
    program: toolPath(program),
    arguments: words,
    directory,
    inheritsEnvironment: false,
    environment: {
      PATH: process.env.PATH,
      HOME: directory,
      COSIGN_REPOSITORY: release.names.signatureRepository,
    },
    timeoutSeconds: 120,
  });
}

test('a signature is refused where its image is not in the same repository', async () => {
  const signingConfig = join(shop.directory, 'signing-config.json');
  await writeSigningConfig(signingConfig);
  const key = 'awskms:///alias/acme-production';
  expect(await publicKeyOf(key)).toContain('PUBLIC KEY');
  await expect(
    signImage({ signatures: release.names.signatureRepository, image: image(), key, signingConfig, annotations: {} }),
  ).rejects.toThrow('UNSUPPORTED');
  expect(strict.refused.map(({ rule }) => rule)).toEqual(['absent-subject']);
});

test('the sign step signs and attests, and writes nothing outside of the repository of evidence', async () => {
  const start = strict.requests.length;
  const refused = strict.refused.length;
  const { publicKey } = await signed(shop, release);
  expect(strict.refused.slice(refused)).toEqual([]);
  const writes = writesSince(start);
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.filter((line) => !line.includes(' /v2/acme/signatures/shop/'))).toEqual([]);
  const { outcome, checks } = await verify({
    location: { ...release.release.image, signatures: release.names.signatureRepository },
    keys: parsePublicKeys(readFileSync(publicKey, 'utf8'), 'production.pub'),
    expected: { databases: 'fixture', builder: localRun.builder },
    now: new Date(),
  });
  expect(checks.filter((check) => check.outcome === 'failed' || check.outcome === 'inconclusive')).toEqual([]);
  expect(outcome).toBe('verified');
});

test('a second run of the sign step writes nothing', async () => {
  const start = strict.requests.length;
  await signed(shop, release);
  expect(writesSince(start)).toEqual([]);
});

test('cosign alone verifies the image in its own repository, with the name of the repository of evidence', async () => {
  const { repository, platforms } = release.release.image;
  const options = ['--key', join(shop.directory, 'production.pub'), '--insecure-ignore-tlog=true'];
  const cosign = (command: string, ...words: readonly string[]) =>
    thirdParty('cosign', [command, ...options, '--allow-http-registry', ...words]);
  const attestation = (type: string, of = image()) => cosign('verify-attestation', '--type', type, of);
  expect(await cosign('verify', image())).toMatchObject({ exitCode: 0 });
  expect(await attestation('https://bowline.dev/verdict/v2')).toMatchObject({ exitCode: 0 });
  expect(await attestation('slsaprovenance1')).toMatchObject({ exitCode: 0 });
  for (const digest of Object.values(platforms)) {
    expect(await attestation('cyclonedx', imageReference(repository, digest))).toMatchObject({ exitCode: 0 });
  }
});

test('the image is copied by digest and pulled', async () => {
  const mirror = imageRepository(`${strict.address}/acme/mirror`);
  await copyImage(image(), mirror);
  const copy = imageReference(mirror, release.release.image.digest);
  const file = join(shop.directory, 'image.tar');
  const pull = ['--insecure', 'pull', '--platform', 'linux/arm64', copy, file];
  expect(await thirdParty('crane', pull)).toMatchObject({ exitCode: 0 });
  expect(statSync(file).size).toBeGreaterThan(0);
});

test('a build that runs again keeps its tag, and nothing moves it', async () => {
  const { repository, digest, tag, platforms } = release.release.image;
  const refused = strict.refused.length;
  await tagImage(repository, digest, tag);
  expect(strict.refused.slice(refused)).toEqual([]);
  const [other] = Object.values(platforms);
  const move = await thirdParty('crane', ['--insecure', 'tag', `${repository}@${other}`, tag]);
  expect(move.stderr).toContain('TAG_INVALID');
});

test('the image of a platform is not deleted while an index names it', async () => {
  const { image: released } = release.release;
  const [digest] = Object.values(released.platforms);
  for (const repository of [released.repository, release.names.signatureRepository]) {
    const { stderr } = await thirdParty('crane', ['--insecure', 'delete', `${repository}@${digest}`]);
    expect(stderr).toContain('ImageReferencedByManifestList');
  }
});

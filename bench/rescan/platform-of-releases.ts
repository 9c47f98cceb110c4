import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import type { Catalog, Service } from '../../lib/catalog';
import { ensureLocalBaseImages } from '../../lib/local/base-images/ensure-base-images';
import { writeRunCatalog } from '../../lib/local/run/run-catalog';
import type { LocalServices } from '../../lib/local/services/services';
import { platformNames, serviceNames } from '../../lib/pipeline/names';
import { withTemporaryFolder, writeFileAtomic } from '../../lib/process';
import type { Scanned } from '../../lib/release';
import {
  build,
  catalogFacts,
  checkConfiguration,
  promote,
  publicKeyOf,
  sbomFile,
  scan,
  sign,
  silentReporter,
} from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { fixtureDatabases } from '../../lib/tools';
import { branchRef, commitSha, type Digest, digestOf, type ImageRepository, instantOf } from '../../lib/values';
import { copyImage } from './copy-image';

const root = join(__dirname, '..', '..');

/** A platform whose services all run: a catalog, public keys and a ledger. */
export interface RunningPlatform {
  readonly catalog: string;
  readonly keys: string;
  readonly ledger: string;
}

interface GenerateInput {
  readonly services: LocalServices;
  readonly stateDirectory: string;
  readonly count: number;
  readonly progress: (text: string) => void;
}

/**
 * Releases services to production: the example is built and scanned once; each service gets images of its own with the same files, SBOMs of these
 * images, and evidence by cosign. What exists already stays.
 */
export async function generateRunningPlatform(input: GenerateInput): Promise<RunningPlatform> {
  const { services, stateDirectory, count, progress } = input;
  const directory = join(stateDirectory, 'platform');
  const ledger = join(directory, 'ledger.git');
  const keys = join(directory, 'keys');
  const catalogDirectory = join(directory, 'catalog');
  const running = { catalog: catalogDirectory, keys, ledger };
  const complete = join(directory, 'complete');
  if (existsSync(complete)) {
    return running;
  }
  rmSync(directory, { recursive: true, force: true });
  const catalog = writeRunCatalog({
    from: writeSourceCatalog(join(directory, 'source'), count),
    to: catalogDirectory,
    overlay: { bases: await basesOf(input), registry: services.registry, ledger: `file://${ledger}` },
  });
  const key = platformNames(catalog.platform).key('production');
  const publicKey = join(keys, 'production.pub');
  writeFileAtomic(publicKey, await publicKeyOf(key));
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', ledger]);
  await publish({ catalog, ledger: { repository: ledger }, renderer, check: checkConfiguration });
  const template = await scannedExample(catalog, input);
  for (const service of catalog.services) {
    progress(`releasing ${service.name} of ${count}`);
    await releaseService(service, { catalog, template, key, publicKey, ledger });
  }
  writeFileAtomic(complete, '');
  return running;
}

/** The catalog of the project, with the example many times instead of its services. */
function writeSourceCatalog(directory: string, count: number): string {
  const from = join(root, 'catalog');
  const example = readFileSync(join(from, 'services', 'hello.yaml'), 'utf8');
  writeFileAtomic(join(directory, 'platform.yaml'), readFileSync(join(from, 'platform.yaml'), 'utf8'));
  for (let index = 0; index < count; index++) {
    const name = `service-${String(index).padStart(3, '0')}`;
    writeFileAtomic(join(directory, 'services', `${name}.yaml`), example.replace('name: hello', `name: ${name}`));
  }
  return directory;
}

interface ReleaseContext {
  readonly catalog: Catalog;
  readonly template: Template;
  /** cosign key reference. */
  readonly key: string;
  /** PEM file. */
  readonly publicKey: string;
  readonly ledger: string;
}

/** Signs and promotes images of a service. */
async function releaseService(
  service: Service,
  { catalog, template, key, publicKey, ledger }: ReleaseContext,
): Promise<void> {
  const { imageRepository, signatureRepository: signatures } = serviceNames(catalog.platform, service.name);
  const { release, sboms } = await releaseOf(service, imageRepository, template);
  const signed = await sign({
    release,
    identity: { service: service.name, imageRepository, source: release.source },
    platform: catalog.platform,
    service,
    run: { builder: { kind: 'local' } },
    sboms,
    class: 'production',
    key,
    signatures,
    reporter: silentReporter,
  });
  await promote({
    release: signed,
    environment: 'prod',
    class: 'production',
    publicKey,
    signatures,
    catalog: catalogFacts(catalog, service.name, imageRepository),
    now: new Date(),
    databases: 'fixture',
    builder: { kind: 'local' },
    ledger: { repository: ledger },
    renderer,
    reporter: silentReporter,
  });
}

async function basesOf({ services, stateDirectory, progress }: GenerateInput) {
  return ensureLocalBaseImages(['builder', 'static'], { registry: services.registry, stateDirectory, progress });
}

interface Template {
  readonly release: Scanned;
  /** SBOM texts by platform. */
  readonly sboms: Readonly<Record<string, string>>;
}

/** Builds and scans the first service. */
async function scannedExample(catalog: Catalog, { services }: GenerateInput): Promise<Template> {
  const service = catalog.services[0] as Service;
  const { imageRepository } = serviceNames(catalog.platform, service.name);
  const source = join(root, 'examples', 'hello');
  return withTemporaryFolder('bench', async (scratch) => {
    const binaries = join(scratch, 'binaries');
    const release = await build({
      platform: catalog.platform,
      service,
      source,
      commit: commitSha('a'.repeat(40)),
      ref: branchRef('main'),
      repository: imageRepository,
      buildkit: services.buildkit,
      hostNetwork: true,
      binariesDirectory: binaries,
      reporter: silentReporter,
    });
    const scanned = await scan({
      identity: { service: service.name, imageRepository, source: release.source },
      catalog,
      service,
      release,
      source,
      binaries,
      databases: { origin: 'fixture', ...fixtureDatabases() },
      renderer,
      now: new Date(),
      reporter: silentReporter,
    });
    const names = [...Object.keys(scanned.release.sboms), ...Object.keys(scanned.release.binarySboms)];
    return {
      release: scanned.release,
      sboms: Object.fromEntries(names.map((name) => [name, scanned.files[sbomFile(name)] ?? ''])),
    };
  });
}

/** The release of a service that has the files of the first one: its own images, and SBOMs that name them. */
async function releaseOf(
  service: Service,
  repository: ImageRepository,
  { release, sboms }: Template,
): Promise<Template> {
  const image = await copyImage(release.image, repository, service.name);
  const texts = { ...sboms };
  const recorded: Record<string, { readonly digest: Digest }> = {};
  for (const [platform, subject] of Object.entries(image.platforms)) {
    const text = (sboms[platform] ?? '')
      .replaceAll(release.image.platforms[platform] as Digest, subject as Digest)
      .replaceAll(`/${release.service}`, `/${service.name}`);
    texts[platform] = text;
    recorded[platform] = { ...release.sboms[platform], digest: digestOf(text) };
  }
  return {
    release: {
      ...release,
      service: service.name,
      image: { ...release.image, repository, ...image },
      sboms: recorded as Scanned['sboms'],
      scannedAt: instantOf(new Date()),
    },
    sboms: texts,
  };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { type Catalog, loadCatalog, type Service } from '../../lib/catalog';
import type { LocalBaseImageName } from '../../lib/local/base-images/base-image-contents';
import { ensureLocalBaseImages } from '../../lib/local/base-images/ensure-base-images';
import { writeRunCatalog } from '../../lib/local/run/run-catalog';
import { type LocalServices, startLocalServices } from '../../lib/local/services/services';
import { platformNames, serviceNames } from '../../lib/pipeline/names';
import type { Built } from '../../lib/release';
import {
  build,
  publicKeyOf,
  type ReleaseIdentity,
  type ScanInput,
  sbomFile,
  scan,
  sign,
  silentReporter,
} from '../../lib/steps';
import { fixtureDatabases } from '../../lib/tools';
import { branchRef, commitSha } from '../../lib/values';
import { type Bench, openBench, root } from './bench';
import { forgetReleases } from './forget-releases';

const testdata = join(__dirname, 'testdata');

/** Runs single steps with local services that the whole test file shares: for cases that a run of the whole pipeline does not reach. */
export interface Workbench {
  readonly services: LocalServices;
  /** Host and port of the registry to which images and evidence are pushed. */
  readonly registry: string;
  /** Opens the source `testdata/<source>` with the service `testdata/<name>.yaml`. */
  open(source: string, name?: string): Bench;
  close(): Promise<void>;
}

/** Starts the services, and points the AWS configuration of this process to them. */
export async function openWorkbench(stateDirectory: string): Promise<Workbench> {
  const { platform } = loadCatalog(join(root, 'catalog'));
  const { classes, keyAlias } = platformNames(platform);
  const keys = classes.map(keyAlias);
  await forgetReleases(stateDirectory);
  const services = await startLocalServices({ stateDirectory, region: platform.pipeline.region, keys });
  const before = { ...process.env };
  Object.assign(process.env, services.aws.environment);
  const benches: Bench[] = [];
  return {
    services,
    registry: services.registry,
    open: (source, name = source) => {
      const bench = openBench(join(testdata, source), join(testdata, `${name}.yaml`), stateDirectory);
      benches.push(bench);
      return bench;
    },
    close: async () => {
      process.env = before;
      await services.stop();
      for (const bench of benches) {
        bench.dispose();
      }
    },
  };
}

/** Writes the catalog of a bench, with the registry, ledger and base images of this machine. */
export async function describeService(
  { services, registry }: Workbench,
  bench: Bench,
  names: readonly LocalBaseImageName[] = ['builder', 'static'],
): Promise<{ readonly catalog: Catalog; readonly directory: string; readonly service: Service }> {
  const bases = await ensureLocalBaseImages(names, {
    registry: services.registry,
    stateDirectory: services.stateDirectory,
    progress: () => {},
  });
  const overlay = { bases, registry, ledger: `file://${bench.ledger}` };
  const directory = join(bench.directory, 'catalog');
  const catalog = writeRunCatalog({
    from: join(root, 'catalog'),
    to: directory,
    overlay,
    extraService: bench.serviceFile,
  });
  const service = catalog.services.find(({ name }) => bench.serviceFile.endsWith(`/${name}.yaml`)) as Service;
  return { catalog, directory, service };
}

/** Builds the source of a bench. */
export async function built(workbench: Workbench, bench: Bench) {
  const about = await describeService(workbench, bench);
  const names = serviceNames(about.catalog.platform, about.service.name);
  const notes: string[] = [];
  const release = await build({
    platform: about.catalog.platform,
    service: about.service,
    source: bench.source,
    commit: commitSha('a'.repeat(40)),
    ref: branchRef('main'),
    repository: names.imageRepository,
    buildkit: workbench.services.buildkit,
    hostNetwork: true,
    binariesDirectory: join(bench.directory, 'binaries'),
    reporter: { ...silentReporter, note: (text) => notes.push(text) },
  });
  return { ...about, names, release, notes };
}

/** The run that signs here. */
export const localRun = { builder: { kind: 'local' } } as const;

/** What a record of the service must say. */
export function identityOf({
  service,
  names,
}: Pick<Awaited<ReturnType<typeof built>>, 'service' | 'names'>): ReleaseIdentity {
  const { repository, branch } = service.source;
  return {
    service: service.name,
    imageRepository: names.imageRepository,
    source: { repository, ref: branchRef(branch) },
  };
}

/** Scans a built release. */
export async function scanned(
  bench: Bench,
  made: Awaited<ReturnType<typeof built>>,
  changes: Partial<Pick<ScanInput, 'databases' | 'earlier' | 'reporter'>> & { readonly release?: Built } = {},
) {
  const result = await scan({
    identity: identityOf(made),
    catalog: made.catalog,
    service: made.service,
    release: changes.release ?? made.release,
    source: bench.source,
    binaries: join(bench.directory, 'binaries'),
    databases: changes.databases ?? { origin: 'fixture', ...fixtureDatabases() },
    renderer,
    now: new Date(),
    earlier: changes.earlier,
    reporter: changes.reporter ?? silentReporter,
  });
  const sboms = Object.fromEntries(
    [...Object.keys(result.release.sboms), ...Object.keys(result.release.binarySboms)].map((name) => [
      name,
      result.files[sbomFile(name)] as string,
    ]),
  );
  return { ...made, ...result, sboms };
}

/** Signs a scanned release with the production key. */
export async function signed(bench: Bench, made: Awaited<ReturnType<typeof scanned>>) {
  const key = platformNames(made.catalog.platform).key('production');
  const publicKey = join(bench.directory, 'production.pub');
  writeFileSync(publicKey, await publicKeyOf(key));
  const release = await sign({
    release: made.release,
    identity: identityOf(made),
    platform: made.catalog.platform,
    service: made.service,
    run: localRun,
    sboms: made.sboms,
    class: 'production',
    key,
    signatures: made.names.signatureRepository,
    reporter: silentReporter,
  });
  return { ...made, release, publicKey, key };
}

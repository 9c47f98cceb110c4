import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { servicesInEnvironments } from '../lib/catalog';
import { environmentFile, parseReleaseInput, releasePath } from '../lib/ledger';
import { describeRollout, loadReleasableCatalog } from '../lib/rollout';
import { rendererWithReport } from './render';

/** The folders of a synthesis of manifests. */
export interface ManifestFolders {
  /** Catalog: the folder of platform.yaml and services/. @default `BOWLINE_CATALOG`, or catalog */
  readonly catalog?: string;
  /** Checkout of the ledger, which contains the releases. @default `BOWLINE_LEDGER_DIRECTORY`, or ledger */
  readonly ledger?: string;
  /** Output. @default `CDK8S_OUTDIR`, which `cdk8s synth` sets, or dist/manifests */
  readonly out?: string;
}

/**
 * Writes the manifests of a catalog and a ledger, the same that `bowline publish` and `bowline promote` write. This is the body of a cdk8s app.
 * On standard error, it lists the rollouts, the services that have no release and therefore get no workload, and the warnings of the rules of
 * progressive delivery.
 * @throws CatalogError with every problem of the catalog, including rollouts that cannot meet their rollback budget
 * @throws ManifestError with every violation of a rule
 */
export function writeManifests(folders: ManifestFolders = {}): void {
  const { catalog, rollouts } = loadReleasableCatalog(folders.catalog ?? process.env.BOWLINE_CATALOG ?? 'catalog');
  process.stderr.write(rollouts.map((rollout) => `${describeRollout(rollout)}\n`).join(''));
  const ledger = folders.ledger ?? process.env.BOWLINE_LEDGER_DIRECTORY ?? 'ledger';
  const out = folders.out ?? process.env.CDK8S_OUTDIR ?? 'dist/manifests';
  const renderer = rendererWithReport((warning) => process.stderr.write(`warning ${warning}\n`));
  const services = servicesInEnvironments(catalog);
  const files = new Map<string, string>();
  for (const service of services) {
    const path = releasePath(service.environment, service.name);
    const text = readIfExists(join(ledger, path));
    if (text === undefined) {
      process.stderr.write(
        `${service.name} in ${service.environment} has no release (${path} does not exist), so it gets no workload and no Application\n`,
      );
      continue;
    }
    const release = parseReleaseInput(service.environment, service.name, text);
    for (const [file, content] of renderer.service(service, release)) {
      files.set(file, content);
    }
  }
  for (const environment of catalog.platform.environments) {
    const inEnvironment = services.filter((service) => service.environment === environment.name);
    for (const [file, content] of renderer.environment(environmentFile(catalog.platform, environment), inEnvironment)) {
      files.set(file, content);
    }
  }
  // A platform without services has no manifests, but `cdk8s synth` expects the folder.
  mkdirSync(out, { recursive: true });
  for (const [file, content] of files) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    writeFileSync(join(out, file), content);
  }
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { servicesInEnvironments } from '../lib/catalog';
import { environmentFile, parseReleaseInput, releasePath } from '../lib/ledger';
import { loadReleasableCatalog, describeRollout } from '../lib/rollout';
import { rendererWithReport } from './render';

/** Where a synthesis of manifests reads, and where it writes. */
export interface ManifestFolders {
  /** Folder of platform.yaml and services/. @default `BOWLINE_CATALOG`, or catalog */
  readonly catalog?: string;
  /** A checkout of the ledger: what is released. @default `BOWLINE_LEDGER_DIRECTORY`, or ledger */
  readonly ledger?: string;
  /** @default `CDK8S_OUTDIR`, which `cdk8s synth` sets, or dist/manifests */
  readonly out?: string;
}

/**
 * The work of a cdk8s app: the manifests of a catalog and a ledger, as `bowline publish` and `promote` would write them. A service without a
 * release is named on standard error and gets no workload; what the rules of progressive delivery warn of stands there too.
 * @throws CatalogError with every problem of the catalog, rollouts that can not keep their budget among them
 * @throws ManifestError with everything that the rules refuse
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
    const text = readIfThere(join(ledger, path));
    if (text === undefined) {
      process.stderr.write(
        `${service.name} in ${service.environment}: unreleased, so it gets no workload and no Application (no ${path})\n`,
      );
      continue;
    }
    for (const [file, content] of renderer.service(
      service,
      parseReleaseInput(service.environment, service.name, text),
    )) {
      files.set(file, content);
    }
  }
  for (const environment of catalog.platform.environments) {
    const own = services.filter((service) => service.environment === environment.name);
    for (const [file, content] of renderer.environment(environmentFile(catalog.platform, environment), own)) {
      files.set(file, content);
    }
  }
  // A platform without services has no manifests yet, which is no failure of its app.
  mkdirSync(out, { recursive: true });
  for (const [file, content] of files) {
    mkdirSync(dirname(join(out, file)), { recursive: true });
    writeFileSync(join(out, file), content);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

import { join } from 'node:path';
import { type Catalog, loadCatalog } from '../../catalog';
import type { Reporter } from '../../steps';
import { chooseBaseImages, ensureLedger, ledgerUrl } from '../run/local-substitutes';
import { writeRunCatalog } from '../run/run-catalog';
import { startLocalServices } from '../services/services';

/** A catalog to deploy to a local AWS. */
export interface LocalCatalog {
  readonly directory: string;
  readonly catalog: Catalog;
  readonly registry: string;
  /** Bare git repository. */
  readonly ledger: string;
}

/**
 * Writes a catalog with the registry, the ledger and the base images of this machine, so that a pipeline deployed from it can run here.
 * The state folder keeps the registry's port and the images' digests, so that they are the same in every run.
 */
export async function writeLocalCatalog({
  from,
  stateDirectory,
  aws,
  reporter,
}: {
  /** Folder with platform.yaml and services/. */
  readonly from: string;
  readonly stateDirectory: string;
  /** Endpoint of the local AWS to deploy to. */
  readonly aws: string;
  readonly reporter: Reporter;
}): Promise<LocalCatalog> {
  const { platform, services } = loadCatalog(from);
  const directory = join(stateDirectory, 'aws', 'catalog');
  const { region } = platform.pipeline;
  const progress = (line: string) => reporter.note(line);
  const local = await startLocalServices({ stateDirectory, region, keys: [], aws, progress });
  try {
    const baseImages = await chooseBaseImages({ platform, services, local, reporter });
    const ledger = await ensureLedger(join(stateDirectory, 'aws', 'ledgers', `${platform.name}.git`), platform);
    const overlay = { bases: baseImages.images, registry: local.registry, ledger: ledgerUrl(ledger) };
    return { directory, catalog: writeRunCatalog({ from, to: directory, overlay }), registry: local.registry, ledger };
  } finally {
    await local.stop();
  }
}

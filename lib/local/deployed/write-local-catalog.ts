import { join } from 'node:path';
import { type Catalog, loadCatalog } from '../../catalog';
import type { Reporter } from '../../steps';
import { addressOf, chooseBaseImages, openLedger } from '../run/local-substitutes';
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
 * Writes a catalog with this machine's registry, ledger and bases in it, so that a pipeline that is deployed out of it can be executed here.
 * The registry's port and the bases' digests are the state folder's own: they stay equal from run to run.
 * @param from folder of platform.yaml and services/
 * @param aws endpoint of the local AWS that it is to be deployed to
 */
export async function writeLocalCatalog(
  from: string,
  stateDirectory: string,
  aws: string,
  reporter: Reporter,
): Promise<LocalCatalog> {
  const { platform, services } = loadCatalog(from);
  const directory = join(stateDirectory, 'aws', 'catalog');
  const local = await startLocalServices({ stateDirectory, region: platform.pipeline.region, keys: [], aws });
  try {
    const bases = await chooseBaseImages(platform, services, local, reporter);
    const ledger = await openLedger(join(stateDirectory, 'aws', 'ledgers', `${platform.name}.git`), platform);
    const overlay = { bases: bases.images, registry: local.registry, ledger: addressOf(ledger) };
    return { directory, catalog: writeRunCatalog(from, directory, overlay), registry: local.registry, ledger };
  } finally {
    await local.stop();
  }
}

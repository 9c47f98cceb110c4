import { join } from 'node:path';
import { loadCatalog } from '../../catalog';
import { writeFileAtomic } from '../../process';
import type { Reporter } from '../../steps';
import { type LocalAws, startLocalAws } from './start-local-aws';
import { type LocalCatalog, writeLocalCatalog } from './write-local-catalog';

export interface ServeInput {
  /** Folder with platform.yaml and services/. */
  readonly catalog: string;
  readonly stateDirectory: string;
  /** @default 5512, or any free one */
  readonly port?: number;
  readonly reporter: Reporter;
}

/** A local AWS, and a catalog to deploy to it and to run on this machine. */
export interface LocalDeployment {
  readonly aws: LocalAws;
  readonly machine: LocalCatalog;
  /** Shell file that exports the variables of the local AWS. */
  readonly environmentFile: string;
}

/**
 * Starts a local AWS, and writes the catalog to deploy and the shell file to use it with.
 * @throws CatalogError for a catalog with errors; Error with the end of its log when the local AWS does not start
 */
export async function serveLocalAws(input: ServeInput): Promise<LocalDeployment> {
  const { stateDirectory } = input;
  const { account, region } = loadCatalog(input.catalog).platform.pipeline;
  const aws = await startLocalAws({
    stateDirectory,
    account,
    region,
    port: input.port,
  });
  try {
    const machine = await writeLocalCatalog({
      from: input.catalog,
      stateDirectory,
      aws: aws.endpoint,
      reporter: input.reporter,
    });
    const environmentFile = join(stateDirectory, 'aws', 'environment');
    writeFileAtomic(environmentFile, exportLines({ ...aws.environment, BOWLINE_CATALOG: machine.directory }));
    return { aws, machine, environmentFile };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}

/** One line `export NAME='value'` per variable. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

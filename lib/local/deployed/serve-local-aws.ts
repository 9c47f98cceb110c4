import { join } from 'node:path';
import { loadCatalog } from '../../catalog';
import { type Reporter, writeWhole } from '../../steps';
import { type LocalCatalog, writeLocalCatalog } from './write-local-catalog';
import { type LocalAws, startLocalAws } from './start-local-aws';

export interface ServeInput {
  /** Folder of platform.yaml and services/. */
  readonly catalog: string;
  readonly stateDirectory: string;
  /** @default 5512, or any free one */
  readonly port?: number;
  readonly reporter: Reporter;
}

/** A local AWS, and a catalog that can be deployed to it and executed here. */
export interface LocalDeployment {
  readonly aws: LocalAws;
  readonly machine: LocalCatalog;
  /** What a shell is told, to be read in with `.`. */
  readonly environmentFile: string;
}

/**
 * Starts a local AWS and writes down how to use it.
 * @throws CatalogError for a catalog that can't be deployed; Error with the end of its log when it does not start
 */
export async function serveLocalAws(input: ServeInput): Promise<LocalDeployment> {
  const { stateDirectory } = input;
  const { account, region } = loadCatalog(input.catalog).platform.pipeline;
  const aws = await startLocalAws({
    stateDirectory,
    account,
    region,
    ...(input.port === undefined ? {} : { port: input.port }),
  });
  try {
    const machine = await writeLocalCatalog(input.catalog, stateDirectory, aws.endpoint, input.reporter);
    const environmentFile = join(stateDirectory, 'aws', 'environment');
    writeWhole(environmentFile, exportLines({ ...aws.environment, BOWLINE_CATALOG: machine.directory }));
    return { aws, machine, environmentFile };
  } catch (error) {
    await aws.stop();
    throw error;
  }
}

/** `export NAME='value'`, one a line. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}

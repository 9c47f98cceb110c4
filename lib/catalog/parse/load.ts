import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { badInput } from '../../errors';
import { type Catalog, requireCatalog } from '../catalog';
import type { CatalogFile } from './document';

/**
 * Reads the files of a catalog folder: `platform.yaml`, `services/*.yaml` and, if it exists, `accepted-risks.yaml`.
 * @param from the folder that file names in errors are relative to
 * @throws BowlineError `input` if the folder or its platform.yaml does not exist, or a folder has the name of a file
 */
export function readCatalogFiles(
  directory: string,
  from = process.cwd(),
): { readonly platform: CatalogFile; readonly services: readonly CatalogFile[]; readonly risks?: CatalogFile } {
  const read = (path: string): CatalogFile => ({
    file: relative(from, path) || path,
    text: readRegularFile(path),
  });
  if (!existsSync(directory)) {
    throw badInput(
      'input',
      `the catalog folder ${directory} does not exist: set --catalog to the folder that contains platform.yaml`,
    );
  }
  const platform = join(directory, 'platform.yaml');
  if (!existsSync(platform)) {
    throw badInput(
      'input',
      `${directory} contains no platform.yaml: set --catalog to the folder that contains platform.yaml`,
    );
  }
  const risks = join(directory, 'accepted-risks.yaml');
  return {
    platform: read(platform),
    services: serviceFiles(join(directory, 'services')).map(read),
    ...(existsSync(risks) ? { risks: read(risks) } : {}),
  };
}

/** Rejects folders, and named pipes, which would block the read. */
function readRegularFile(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    const what = found === undefined ? 'a link to nothing' : found.isDirectory() ? 'a folder' : 'no regular file';
    throw badInput('input', `${path} is ${what}, expected a YAML file of the catalog: remove or rename it`);
  }
  return readFileSync(path, 'utf8');
}

function serviceFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) {
    return [];
  }
  if (!statSync(folder).isDirectory()) {
    throw badInput('input', `${folder} must be a folder with one file per service`);
  }
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** @throws BowlineError `input` if the folder is not a catalog, CatalogError that contains all problems of all files */
export function loadCatalog(directory: string, from?: string): Catalog {
  const files = readCatalogFiles(directory, from);
  return requireCatalog(files.platform, files.services, files.risks);
}

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { InputError } from '../../process/input-error';
import { type Catalog, requireCatalog } from '../catalog';
import type { CatalogFile } from './document';

/**
 * Reads the files of a catalog folder: `platform.yaml`, `services/*.yaml` and, where there is one, `accepted-risks.yaml`. Names in errors are relative to `from`.
 * @throws InputError where there is no such folder, or no platform.yaml in it
 */
export function readCatalogFiles(
  directory: string,
  from = process.cwd(),
): { readonly platform: CatalogFile; readonly services: readonly CatalogFile[]; readonly risks?: CatalogFile } {
  const read = (path: string): CatalogFile => ({
    file: relative(from, path) || path,
    text: readFileSync(path, 'utf8'),
  });
  if (!existsSync(directory)) {
    throw new InputError(
      `there is no catalog folder ${directory}: name the one that holds platform.yaml with --catalog`,
    );
  }
  const platform = join(directory, 'platform.yaml');
  if (!existsSync(platform)) {
    throw new InputError(`there is no platform.yaml in ${directory}: name the catalog's folder with --catalog`);
  }
  const risks = join(directory, 'accepted-risks.yaml');
  return {
    platform: read(platform),
    services: serviceFiles(join(directory, 'services')).map(read),
    ...(existsSync(risks) ? { risks: read(risks) } : {}),
  };
}

function serviceFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) {
    return [];
  }
  if (!statSync(folder).isDirectory()) {
    throw new InputError(`${folder} must be a folder, with a file for each service`);
  }
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** Loads a catalog folder. @throws InputError where there is none, CatalogError with every problem of every file */
export function loadCatalog(directory: string, from?: string): Catalog {
  const files = readCatalogFiles(directory, from);
  return requireCatalog(files.platform, files.services, files.risks);
}

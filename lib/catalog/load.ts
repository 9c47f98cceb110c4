import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Catalog, type CatalogFile, type CatalogResult, parseCatalog, requireCatalog } from './catalog';

/** Reads the files of a catalog folder: `platform.yaml`, `services/*.yaml` and, where there is one, `accepted-risks.yaml`. Names in errors are relative to `from`. */
export function readCatalogFiles(
  directory: string,
  from = process.cwd(),
): { readonly platform: CatalogFile; readonly services: readonly CatalogFile[]; readonly risks?: CatalogFile } {
  const read = (path: string): CatalogFile => ({
    file: relative(from, path) || path,
    text: readFileSync(path, 'utf8'),
  });
  const platform = join(directory, 'platform.yaml');
  if (!existsSync(platform)) {
    throw new Error(`there is no platform.yaml in ${directory}: name the catalog's folder with --catalog`);
  }
  const folder = join(directory, 'services');
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
    : [];
  const risks = join(directory, 'accepted-risks.yaml');
  return {
    platform: read(platform),
    services: names.map((name) => read(join(folder, name))),
    ...(existsSync(risks) ? { risks: read(risks) } : {}),
  };
}

/** Loads a catalog folder. @throws CatalogError with every problem of every file. */
export function loadCatalog(directory: string, from?: string): Catalog {
  const files = readCatalogFiles(directory, from);
  return requireCatalog(files.platform, files.services, files.risks);
}

/** Checks a catalog folder without throwing. */
export function checkCatalog(directory: string, from?: string): CatalogResult {
  const files = readCatalogFiles(directory, from);
  return parseCatalog(files.platform, files.services, files.risks);
}

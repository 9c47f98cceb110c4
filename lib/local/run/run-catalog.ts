import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseDocument } from 'yaml';
import {
  type Catalog,
  CatalogError,
  type CatalogFile,
  loadCatalog,
  type Platform,
  readCatalogFiles,
  readServiceName,
  requireCatalog,
  requireService,
  resolveBase,
  type Service,
} from '../../catalog';
import { badInput } from '../../errors';
import { writeFileAtomic } from '../../process';
import { findRolloutProblems, loadReleasableCatalog, planRollouts } from '../../rollout';
import type { LocalBaseImageName } from '../base-images/ensure-base-images';

/** The values that replace those of the catalog in a local run. */
export interface CatalogOverlay {
  readonly bases: Readonly<Partial<Record<LocalBaseImageName, string>>>;
  readonly registry: string;
  readonly ledger: string;
}

export interface RunCatalogInput {
  /** Folder of the catalog to copy. */
  readonly from: string;
  /** Folder to write. */
  readonly to: string;
  readonly overlay: CatalogOverlay;
  /** A service file outside the catalog. @default none */
  readonly extraService?: string;
}

/** Writes the catalog of a local run: the given one, with the registry, the ledger and the base images of this machine. */
export function writeRunCatalog({ from, to, overlay, extraService }: RunCatalogInput): Catalog {
  const platform = parseDocument(readFileSync(join(from, 'platform.yaml'), 'utf8'));
  platform.setIn(['registry'], overlay.registry);
  platform.setIn(['ledger', 'repository'], overlay.ledger);
  platform.deleteIn(['ledger', 'credential']);
  // A ledger on this machine has no pull requests.
  platform.deleteIn(['ledger', 'write']);
  for (const [name, image] of Object.entries(overlay.bases)) {
    platform.setIn(['bases', name], image);
  }
  const extra = extraService === undefined ? undefined : readServiceFile(extraService);
  rmSync(to, { recursive: true, force: true });
  writeFileAtomic(join(to, 'platform.yaml'), String(platform));
  const files = readCatalogFiles(from);
  if (files.risks !== undefined) {
    writeFileAtomic(join(to, 'accepted-risks.yaml'), files.risks.text);
  }
  for (const service of files.services) {
    // The extra service replaces the catalog's service of that name.
    if (extra === undefined || readServiceName(service) !== readServiceName(extra)) {
      writeFileAtomic(join(to, 'services', basename(service.file)), service.text);
    }
  }
  if (extra !== undefined) {
    writeFileAtomic(join(to, 'services', `${readServiceName(extra)}.yaml`), extra.text);
  }
  return loadCatalog(to);
}

function readServiceFile(path: string): CatalogFile {
  return { file: relative(process.cwd(), path) || path, text: readFileSync(path, 'utf8') };
}

/** The platform and the service of a run, by its name in the catalog or by a service file. @throws CatalogError, BowlineError `input` */
export function chooseService(
  catalogDirectory: string,
  name: string | undefined,
  file: string | undefined,
): { readonly platform: Platform; readonly service: Service } {
  if (file === undefined) {
    if (name === undefined) {
      throw badInput(
        'input',
        'no service: expected bowline run <service>, or --service <file> with --source <directory>',
      );
    }
    const { catalog } = loadReleasableCatalog(catalogDirectory);
    return { platform: catalog.platform, service: requireService(catalog, name) };
  }
  if (!existsSync(file)) {
    throw badInput('input', `the service file ${file} does not exist`);
  }
  const serviceFile = readServiceFile(file);
  const { platform: platformFile, services: catalogServices, risks } = readCatalogFiles(catalogDirectory);
  const files = [
    serviceFile,
    ...catalogServices.filter((other) => readServiceName(other) !== readServiceName(serviceFile)),
  ];
  const catalog = requireCatalog(platformFile, files, risks);
  const problems = findRolloutProblems(planRollouts(catalog), [serviceFile]);
  if (problems.length > 0) {
    throw new CatalogError(problems);
  }
  const { platform, services } = catalog;
  const service = services.find((each) => each.name === readServiceName(serviceFile));
  if (!service || (name !== undefined && name !== service.name)) {
    throw badInput('input', `${file} describes ${service?.name ?? 'no service'}, not ${name}`);
  }
  return { platform, service };
}

/** The base images that a service needs, by their field in platform.yaml. */
export function requiredBaseImages(service: Service): readonly LocalBaseImageName[] {
  const { builder, runtime } = resolveBase(service.build);
  // An image from scratch copies certificates and time zones from the static base image.
  const names: readonly string[] = [builder, runtime ?? 'static'];
  if (names.includes('builderMusl')) {
    throw badInput(
      'input',
      `${service.name}: cgo on alpine needs a builder with musl, and the local run cannot build one: use a registry that has one (bases.builderMusl), or another base image`,
    );
  }
  return [...new Set(names)] as LocalBaseImageName[];
}

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
import { loadReleasableCatalog, planRollouts, findRolloutProblems } from '../../rollout';
import { writeWhole } from '../../steps';
import type { LocalBaseImageName } from '../base-images/ensure-base-images';

/** What the local run puts in the place of the catalog's values. */
export interface Overlay {
  readonly bases: Readonly<Partial<Record<LocalBaseImageName, string>>>;
  readonly registry: string;
  readonly ledger: string;
}

/**
 * Writes the catalog of a local run: the one that was given, with registry, ledger and bases of this machine.
 * @param extraService a service file that the catalog does not hold
 */
export function writeRunCatalog(from: string, to: string, overlay: Overlay, extraService?: string): Catalog {
  const platform = parseDocument(readFileSync(join(from, 'platform.yaml'), 'utf8'));
  platform.setIn(['registry'], overlay.registry);
  platform.setIn(['ledger', 'repository'], overlay.ledger);
  platform.deleteIn(['ledger', 'credential']);
  // A ledger of this machine takes no pull requests.
  platform.deleteIn(['ledger', 'write']);
  for (const [name, image] of Object.entries(overlay.bases)) {
    platform.setIn(['bases', name], image);
  }
  const extra = extraService === undefined ? undefined : fileOf(extraService);
  rmSync(to, { recursive: true, force: true });
  writeWhole(join(to, 'platform.yaml'), String(platform));
  const files = readCatalogFiles(from);
  if (files.risks !== undefined) {
    writeWhole(join(to, 'accepted-risks.yaml'), files.risks.text);
  }
  for (const own of files.services) {
    // A file that was named takes the place of the catalog's own of that name.
    if (extra === undefined || readServiceName(own) !== readServiceName(extra)) {
      writeWhole(join(to, 'services', basename(own.file)), own.text);
    }
  }
  if (extra !== undefined) {
    writeWhole(join(to, 'services', `${readServiceName(extra)}.yaml`), extra.text);
  }
  return loadCatalog(to);
}

function fileOf(path: string): CatalogFile {
  return { file: relative(process.cwd(), path) || path, text: readFileSync(path, 'utf8') };
}

/** A catalog and the service that is run: by name, or by a file of its own. @throws CatalogError, InputError */
export function chooseService(
  catalogDirectory: string,
  name: string | undefined,
  file: string | undefined,
): { readonly platform: Platform; readonly service: Service } {
  if (file === undefined) {
    if (name === undefined) {
      throw badInput(
        'input',
        'say which service: bowline run <service>, or --service <file> with --source <directory>',
      );
    }
    const { catalog } = loadReleasableCatalog(catalogDirectory);
    return { platform: catalog.platform, service: requireService(catalog, name) };
  }
  if (!existsSync(file)) {
    throw badInput('input', `there is no service file ${file}`);
  }
  const own = fileOf(file);
  const { platform: platformFile, services: others, risks } = readCatalogFiles(catalogDirectory);
  const files = [own, ...others.filter((other) => readServiceName(other) !== readServiceName(own))];
  const catalog = requireCatalog(platformFile, files, risks);
  const problems = findRolloutProblems(planRollouts(catalog), [own]);
  if (problems.length > 0) {
    throw new CatalogError(problems);
  }
  const { platform, services } = catalog;
  const service = services.find((each) => each.name === readServiceName(own));
  if (!service || (name !== undefined && name !== service.name)) {
    throw badInput('input', `${file} describes ${service?.name ?? 'nothing'}, not ${name}`);
  }
  return { platform, service };
}

/** The bases that a service's recipe takes, by their field in platform.yaml. */
export function requiredBaseImages(service: Service): readonly LocalBaseImageName[] {
  const { builder, runtime } = resolveBase(service.build);
  // Scratch takes certificates and the like from the static one.
  const names: readonly string[] = [builder, runtime ?? 'static'];
  if (names.includes('builderMusl')) {
    throw badInput(
      'input',
      `${service.name}: cgo on alpine needs a builder with musl, and this machine can make none: use a registry that has one (bases.builderMusl), or another base`,
    );
  }
  return [...new Set(names)] as LocalBaseImageName[];
}

import { loadCatalog, requireService, resolveMetrics, type ServiceMetrics } from '../catalog';
import { createImageRecipe, type ImageRecipe, type SourceFacts } from '../image';
import { checkSubmoduleUrls, inspectSource } from '../steps';
import { ensureGoTool, pinsDirectory } from '../tools';

/** The source that is assumed without a checkout: one module with go.sum, without a vendor folder and without embedded files. */
const assumedSource: SourceFacts = {
  version: 1,
  modules: [],
  module: { path: 'source', directory: '.', hasSum: true },
  requirements: [],
  replacements: [],
  mode: 'module',
  localModules: [{ path: 'source', directory: '.', kind: 'main', hasSum: true, needed: true }],
  candidates: [],
  packages: [],
  imports: [],
  embeds: [],
  cgo: [],
  links: [],
  paths: [],
  lfsPointers: [],
  emptySubmodules: [],
  problems: [],
};

/** A recipe, and what a pipeline would not have of the source. */
export interface DescribedRecipe {
  readonly recipe: ImageRecipe;
  readonly notes: readonly string[];
  /** The metrics by which a release is judged. */
  readonly metrics: ServiceMetrics;
}

/**
 * The recipe of a service's image.
 * @param source checkout of the service's repository. @default a module with go.sum and without a vendor folder
 */
export async function recipeOfService(directory: string, name: string, source?: string): Promise<DescribedRecipe> {
  const catalog = loadCatalog(directory);
  const service = requireService(catalog, name);
  const metrics = resolveMetrics(service);
  if (source === undefined) {
    return { recipe: createImageRecipe(catalog.platform, service, assumedSource), notes: [], metrics };
  }
  // A bundle has no pins: its tools are on PATH.
  if (pinsDirectory() !== undefined) {
    await ensureGoTool('source-reader', { progress: (line) => process.stderr.write(`${line}\n`) });
  }
  const { facts, notes } = await inspectSource(source, service);
  await checkSubmoduleUrls(catalog.platform, service, source);
  return { recipe: createImageRecipe(catalog.platform, service, facts), notes, metrics };
}

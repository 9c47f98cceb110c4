import { loadCatalog, requireService } from '../catalog';
import { createImageRecipe, type ImageRecipe, type SourceFacts } from '../image';
import { readSource } from '../steps';

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
  problems: [],
};

/**
 * The recipe of a service's image.
 * @param source checkout of the service's repository. @default a module with go.sum and without a vendor folder
 */
export async function recipeOfService(directory: string, name: string, source?: string): Promise<ImageRecipe> {
  const catalog = loadCatalog(directory);
  const service = requireService(catalog, name);
  const facts = source === undefined ? assumedSource : await readSource(source, service);
  return createImageRecipe(catalog.platform, service, facts);
}

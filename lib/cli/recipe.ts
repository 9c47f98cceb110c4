import { join } from 'node:path';
import { loadCatalog, requireService } from '../catalog';
import { createImageRecipe, type ImageRecipe, type SourceInfo } from '../image';
import { readSource } from '../steps';

/** The source that is assumed without a checkout: one module with dependencies, no vendor folder, no embedded files. */
const assumedSource: SourceInfo = { goMod: 'module source\n', hasGoSum: true, hasVendor: false, embeds: [] };

/**
 * The recipe of a service's image.
 * @param source checkout of the service's repository. @default a module with go.sum and without a vendor folder
 */
export function recipeOfService(directory: string, name: string, source?: string): ImageRecipe {
  const catalog = loadCatalog(directory);
  const service = requireService(catalog, name);
  return createImageRecipe(
    catalog.platform,
    service,
    source === undefined ? assumedSource : readSource(join(source, service.source.directory)),
  );
}

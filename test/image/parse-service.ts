import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, parseCatalog, type Service } from '../../lib/catalog';

export const catalogPlatform = readFileSync(join(__dirname, '..', '..', 'catalog/platform.yaml'), 'utf8');

/** The service `shop` with these fields, on the platform of the example catalog. */
export function parseService(
  build = '{}',
  source = '{ repository: a/shop }',
): { readonly platform: Platform; readonly service: Service } {
  const result = parseCatalog({ file: 'p', text: catalogPlatform }, [
    { file: 's', text: `version: 1\nname: shop\nteam: a\nsource: ${source}\nbuild: ${build}\n` },
  ]);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return { platform: result.catalog.platform, service: result.catalog.services[0] as Service };
}

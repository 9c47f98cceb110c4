import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The platform of the example catalog. */
export const exampleCatalogFile = {
  file: 'platform.yaml',
  text: readFileSync(join(__dirname, '..', '..', 'catalog', 'platform.yaml'), 'utf8'),
};

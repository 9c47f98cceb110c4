import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Texts of a valid catalog: the example platform, and the shortest service. */
export const exampleFiles = {
  platform: readFileSync(join(__dirname, '..', '..', 'catalog', 'platform.yaml'), 'utf8'),
  service: 'version: 1\nname: hello\nteam: storefront\nsource: { repository: acme/hello }\n',
};

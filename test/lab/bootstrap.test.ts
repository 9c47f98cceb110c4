import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bootstrapObjects } from '../../lab/release/bootstrap';
import { labCatalog } from '../../lab/release/catalog';
import { environmentFile } from '../../lib/ledger';

test('the lab applies by hand exactly what docs/lab.md says', () => {
  const { platform } = labCatalog();
  const [environment] = platform.environments;
  if (environment === undefined) {
    throw new Error('the lab’s catalog has no environment');
  }
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'lab.md'), 'utf8');
  const [, snippet = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(page) ?? [];
  const documented = parseAllDocuments(snippet).map((document) => document.toJS() as unknown);
  expect(documented).toEqual(bootstrapObjects(environmentFile(platform, environment)));
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsTable } from '../../lib/catalog/schema/reference-table';

const page = join(__dirname, '..', '..', 'docs', 'reference', 'catalog.md');

test('docs/reference/catalog.md lists the fields that the schemas have', () => {
  const written = readFileSync(page, 'utf8');
  const fresh = written.replace(
    /<!-- generated: (service|platform) fields -->[\s\S]*?<!-- end -->/g,
    (_, kind: 'service' | 'platform') => `<!-- generated: ${kind} fields -->\n\n${fieldsTable(kind)}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});

test('the table has a row for a field in a group, in a list, and by name', () => {
  expect(fieldsTable('service')).toMatch(/\| `build\.cgo` \| boolean \| `false` \|/);
  expect(fieldsTable('platform')).toMatch(/\| `environments\[\]\.name` \| string \| required \|/);
  expect(fieldsTable('service')).toMatch(/\| `environments\.<name>\.memory` \|/);
});

test.each(['service', 'platform'] as const)('every field of a %s file says what it is', (kind) => {
  expect(
    fieldsTable(kind)
      .split('\n')
      .filter((line) => line.endsWith('|  |')),
  ).toEqual([]);
});

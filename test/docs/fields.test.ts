import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFieldsTable } from '../../lib/catalog/schema/reference-table';

const page = join(__dirname, '..', '..', 'docs', 'reference', 'catalog.md');

test('docs/reference/catalog.md lists the fields that the schemas have', () => {
  const written = readFileSync(page, 'utf8');
  const fresh = written.replace(
    /<!-- generated: (service|platform) fields -->[\s\S]*?<!-- end -->/g,
    (_, kind: 'service' | 'platform') =>
      `<!-- generated: ${kind} fields -->\n\n${renderFieldsTable(kind)}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});

test('the table has a row for a field in a group, in a list, and by name', () => {
  expect(renderFieldsTable('service')).toMatch(/\| `build\.cgo` \| boolean \| `false` \|/);
  expect(renderFieldsTable('platform')).toMatch(/\| `environments\[\]\.name` \| string \| required \|/);
  expect(renderFieldsTable('service')).toMatch(/\| `environments\.<name>\.memory` \|/);
});

test.each(['service', 'platform'] as const)('every field of a %s file says what it is', (kind) => {
  expect(
    renderFieldsTable(kind)
      .split('\n')
      .filter((line) => line.endsWith('|  |')),
  ).toEqual([]);
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectInMemory } from '../../../../charts/rules';
import type { LocatedObject } from '../../../../charts/rules/manifests/objects';
import type { SchemaFile } from '../../../../charts/rules/schemas/schema-file';
import { validateObject } from '../../../../charts/rules/schemas/validate-object';
import { generateSchemas, projects, renderSchemaFile } from './generate-schemas';

const folder = join(__dirname, '..', '..', '..', '..', 'charts', 'rules', 'schemas');

test.each(projects)(
  'the schemas in $file are generated from the resource definitions that tools/go pins',
  async (project) => {
    const text = renderSchemaFile(await generateSchemas(project));
    const path = join(folder, project.file);
    if (process.env.BOWLINE_WRITE_GENERATED === '1') {
      writeFileSync(path, text);
    }
    expect(readFileSync(path, 'utf8') === text).toBe(true);
  },
  300_000,
);

test('every schema file belongs to a project', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  expect(files.sort()).toEqual(projects.map(({ file }) => file).sort());
});

test('every schema compiles, and takes an object with its own kind only', () => {
  const kinds = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => Object.keys((JSON.parse(readFileSync(join(folder, file), 'utf8')) as SchemaFile).schemas));
  expect(kinds.length).toBeGreaterThan(20);
  for (const [apiVersion, kind] of kinds.map((each) => each.split(' '))) {
    const [object] = objectInMemory({ apiVersion, kind, metadata: { name: 'a', labels: { a: 1 } } });
    expect(validateObject(object as LocatedObject)).toContainEqual({
      path: ['metadata', 'labels', 'a'],
      message: 'expected a text, found 1',
    });
  }
});

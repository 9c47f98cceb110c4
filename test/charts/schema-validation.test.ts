import { join } from 'node:path';
import fc from 'fast-check';
import { loadCatalog } from '../../lib/catalog';
import { arbitraryCatalog } from './arbitrary-catalog';
import { parseRendered, type RenderedObject, renderCatalog } from './render-catalog';
import { loadSchemas, type Schemas, violations } from './schemas';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
}, 300_000);

const violationsIn = (objects: readonly RenderedObject[]) =>
  objects.flatMap(({ file, ...object }) => violations(schemas, object).map((violation) => `${file}: ${violation}`));

test('every object of the example catalog matches its schema, without unknown fields', () => {
  const objects = parseRendered(renderCatalog(loadCatalog(join(__dirname, '..', '..', 'catalog'))));
  expect(violationsIn(objects)).toEqual([]);
  expect(new Set(objects.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
});

test('every object of an arbitrary catalog matches its schema', () => {
  let count = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(arbitraryCatalog, (catalog) => {
      const objects = parseRendered(renderCatalog(catalog));
      count += objects.length;
      for (const { kind } of objects) {
        kinds.add(kind);
      }
      expect(violationsIn(objects)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  process.stderr.write(`${count} objects of ${kinds.size} kinds: ${[...kinds].sort().join(', ')}\n`);
}, 300_000);

test('the project of a team allows every object of its services, and all are in the namespace of the Application', () => {
  fc.assert(
    fc.property(arbitraryCatalog, (catalog) => {
      const objects = parseRendered(renderCatalog(catalog));
      const projects = new Map(
        objects.filter(({ kind }) => kind === 'AppProject').map((project) => [project.metadata.name, project.spec]),
      );
      for (const application of objects.filter(({ file }) => file.startsWith('apps/'))) {
        const { path } = application.spec.source;
        const project = projects.get(application.spec.project);
        const deployed = objects.filter(({ file }) => file.startsWith(`${path}/`));
        expect(deployed.length).toBeGreaterThan(0);
        for (const { apiVersion, kind, metadata } of deployed) {
          const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
          expect(project.namespaceResourceWhitelist).toContainEqual({ group, kind });
          expect(metadata.namespace).toBe(application.spec.destination.namespace);
        }
        expect(project.destinations).toContainEqual(application.spec.destination);
      }
    }),
    { numRuns: 15 },
  );
}, 300_000);

test.each([
  ['an unknown field', 'Canary', (object: RenderedObject) => ({ ...object, spec: { ...object.spec, anlysis: {} } })],
  [
    'a value of the wrong type',
    'Deployment',
    (object: RenderedObject) => ({ ...object, spec: { ...object.spec, replicas: 'two' } }),
  ],
  [
    'a nested unknown field',
    'HorizontalPodAutoscaler',
    (object: RenderedObject) => ({ ...object, spec: { ...object.spec, metrics: [{ type: 'Resource', resurce: {} }] } }),
  ],
  ['an unknown kind', 'ServiceMonitor', (object: RenderedObject) => ({ ...object, kind: 'ServiceMoniter' })],
  ['a missing name', 'PrometheusRule', (object: RenderedObject) => ({ ...object, metadata: {} })],
])('the schemas reject %s', (_, kind, corrupt) => {
  const objects = parseRendered(renderCatalog(loadCatalog(join(__dirname, '..', '..', 'catalog'))));
  const { file, ...object } = objects.find((each) => each.kind === kind) as RenderedObject;
  expect(violations(schemas, object)).toEqual([]);
  expect(violations(schemas, corrupt({ file, ...object }) as RenderedObject)).not.toEqual([]);
});

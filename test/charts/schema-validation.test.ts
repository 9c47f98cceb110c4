import { join } from 'node:path';
import fc from 'fast-check';
import { loadCatalog } from '../../lib/catalog';
import { arbitraryCatalog } from './arbitrary-catalog';
import { objectsIn, type RenderedObject, renderedFiles } from './render-catalog';
import { loadSchemas, type Schemas, violations } from './schemas';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
}, 300_000);

const wrongIn = (objects: readonly RenderedObject[]) =>
  objects.flatMap(({ file, ...object }) => violations(schemas, object).map((violation) => `${file}: ${violation}`));

test('every object of the example passes the schemas of Kubernetes and of its operator, unknown fields refused', () => {
  const objects = objectsIn(renderedFiles(loadCatalog(join(__dirname, '..', '..', 'catalog'))));
  expect(wrongIn(objects)).toEqual([]);
  expect(new Set(objects.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
});

test('every object of any catalog does', () => {
  let count = 0;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(arbitraryCatalog, (catalog) => {
      const objects = objectsIn(renderedFiles(catalog));
      count += objects.length;
      for (const { kind } of objects) {
        kinds.add(kind);
      }
      expect(wrongIn(objects)).toEqual([]);
    }),
    { numRuns: 25 },
  );
  process.stderr.write(`${count} objects of ${kinds.size} kinds: ${[...kinds].sort().join(', ')}\n`);
}, 120_000);

test("a team's project lets every object of its services in, and no object is of another namespace", () => {
  fc.assert(
    fc.property(arbitraryCatalog, (catalog) => {
      const objects = objectsIn(renderedFiles(catalog));
      const projects = new Map(
        objects.filter(({ kind }) => kind === 'AppProject').map((project) => [project.metadata.name, project.spec]),
      );
      for (const application of objects.filter(({ file }) => file.startsWith('apps/'))) {
        const { path } = application.spec.source;
        const project = projects.get(application.spec.project);
        const own = objects.filter(({ file }) => file.startsWith(`${path}/`));
        expect(own.length).toBeGreaterThan(0);
        for (const { apiVersion, kind, metadata } of own) {
          const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
          expect(project.namespaceResourceWhitelist).toContainEqual({ group, kind });
          expect(metadata.namespace).toBe(application.spec.destination.namespace);
        }
        expect(project.destinations).toContainEqual(application.spec.destination);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test.each([
  [
    'a field that there is not',
    'Canary',
    (object: RenderedObject) => ({ ...object, spec: { ...object.spec, anlysis: {} } }),
  ],
  [
    'a value of the wrong type',
    'Deployment',
    (object: RenderedObject) => ({ ...object, spec: { ...object.spec, replicas: 'two' } }),
  ],
  [
    'an unknown field far inside',
    'HorizontalPodAutoscaler',
    (object: RenderedObject) => ({ ...object, spec: { ...object.spec, metrics: [{ type: 'Resource', resurce: {} }] } }),
  ],
  ['a kind that nobody knows', 'ServiceMonitor', (object: RenderedObject) => ({ ...object, kind: 'ServiceMoniter' })],
  ['a missing name', 'PrometheusRule', (object: RenderedObject) => ({ ...object, metadata: {} })],
])('the schemas notice %s', (_, kind, spoil) => {
  const objects = objectsIn(renderedFiles(loadCatalog(join(__dirname, '..', '..', 'catalog'))));
  const { file, ...object } = objects.find((each) => each.kind === kind) as RenderedObject;
  expect(violations(schemas, object)).toEqual([]);
  expect(violations(schemas, spoil({ file, ...object }) as RenderedObject)).not.toEqual([]);
});

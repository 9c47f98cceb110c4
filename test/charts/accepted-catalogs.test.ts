import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { describeProblem, parseCatalog } from '../../lib/catalog';
import { findRolloutProblems, planRollouts } from '../../lib/rollout';
import { exampleFiles } from '../catalog/example-files';
import { arbitraryField, type FieldValue } from './arbitrary-fields';
import { parseRendered, renderCatalog } from './render-catalog';
import { loadSchemas, type Schemas, violations } from './schemas';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
}, 300_000);

/** Fields that say which service or platform it is, and those that only builds and pipelines read. */
const withoutManifests = ['version', 'kind', 'name', 'source', 'build', 'start', 'compute', 'timeout', 'toolbox'];

const changes = fc.record({
  service: fc.array(arbitraryField('service', withoutManifests), { minLength: 1, maxLength: 2 }),
  platform: fc.array(
    arbitraryField('platform', [...withoutManifests, 'bases', 'pipeline', 'signingKeys', 'findings']),
    {
      maxLength: 1,
    },
  ),
});

function withFields(text: string, fields: readonly FieldValue[]): string {
  const document = parseDocument(text);
  for (const { path, value } of fields) {
    document.setIn(path, document.createNode(value));
  }
  return String(document);
}

test('what check accepts, synth renders, and every object matches its schema', () => {
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(changes, ({ service, platform }) => {
      const text = withFields(
        `${exampleFiles.service}traffic: { requestsPerSecond: 500 }\nrollback: { budget: 10m }\n`,
        service,
      );
      const serviceFiles = [{ file: 'hello.yaml', text }];
      const result = parseCatalog(
        { file: 'platform.yaml', text: withFields(exampleFiles.platform, platform) },
        serviceFiles,
      );
      if (!result.ok || findRolloutProblems(planRollouts(result.catalog), serviceFiles).length > 0) {
        counts.refused += 1;
        // An error without a place would be a failure of check itself.
        expect(result.ok ? [] : result.problems.map(describeProblem)).not.toContain('');
        return;
      }
      counts.accepted += 1;

      const objects = parseRendered(renderCatalog(result.catalog));
      expect(
        objects.flatMap(({ file, ...object }) => violations(schemas, object).map((each) => `${file}: ${each}`)),
      ).toEqual([]);
    }),
    { numRuns: 40 },
  );
  process.stderr.write(`${counts.accepted} catalogs accepted and rendered, ${counts.refused} refused\n`);
  // Without accepted catalogs the property would pass too. About a third of the catalogs is accepted: two of 40 would be one run in 10,000.
  expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(2);
}, 900_000);

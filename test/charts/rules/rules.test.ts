import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import fc from 'fast-check';
import { Canary } from '../../../charts/flagger/canary';
import { StepWeights } from '../../../charts/flagger/step-weights';
import { checkObjects, parseObjects, renderRulesPage, renderSarif, rules, validateRules } from '../../../charts/rules';
import { findings, lineOf, validManifests, validManifestsWith } from './valid-manifests';

const folder = join(__dirname, '..', '..', '..', 'charts', 'rules', 'definitions');

test('the list has the rule of every file, in the order of their ids, and every rule has a test', () => {
  const files = readdirSync(folder).sort();
  expect(rules.map(({ id }) => id)).toEqual(
    files.map((file) => /^(pd\d{3})-[a-z-]+\.ts$/.exec(file)?.[1]?.toUpperCase()),
  );
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  const withoutTest = files.filter(
    (file) => !existsSync(join(__dirname, 'definitions', file.replace('.ts', '.test.ts'))),
  );
  expect(withoutTest).toEqual([]);
});

test('docs/reference/manifest-rules.md is generated from the rules', () => {
  const files = new Map(
    readdirSync(folder)
      .filter((file) => /^pd\d+-/.test(file))
      .map((file) => [file.slice(0, 5).toUpperCase(), file]),
  );
  const page = renderRulesPage(rules, files);
  const path = join(__dirname, '..', '..', '..', 'docs', 'reference', 'manifest-rules.md');
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, page);
  }
  expect(readFileSync(path, 'utf8')).toBe(page);
});

test('valid manifests have no findings', () => {
  expect(findings(rules, validManifests)).toEqual([]);
});

test('no rule throws on any field values', () => {
  const anything = fc.oneof(
    fc.constantFrom('{}', '[]', 'null', '""', '-1', 'x', '[1, {}]', '{ a: [b] }'),
    fc.string().map((text) => JSON.stringify(text)),
  );
  const lines = validManifests.split('\n');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: lines.length - 1 }), anything, (index, value) => {
      const text = lines.map((line, at) => (at === index ? line.replace(/: .*$|:$/, `: ${value}`) : line)).join('\n');
      for (const { place, file } of checkObjects(parseObjects('any.yaml', text).objects, rules)) {
        expect(file).toBe('any.yaml');
        expect(place.line).toBeGreaterThan(0);
        expect(place.line).toBeLessThanOrEqual(text.split('\n').length);
      }
    }),
    { numRuns: 300 },
  );
});

describe('an accepted finding', () => {
  const bad = validManifestsWith('interval: 10s', 'interval: 5s');
  const accepting = (text: string) =>
    bad.replace('  annotations:\n', `  annotations:\n    bowline.dev/accept: "${text}"\n`);

  test('is reported with its reason', () => {
    expect(findings(rules, accepting('PD002: it is a test'))).toMatchObject([
      { rule: 'PD002', accepted: 'it is a test' },
    ]);
  });

  test.each(['PD002', 'PD002:', 'PD099: no such rule', 'because'])('is not accepted by %j', (text) => {
    const found = findings(rules, accepting(text));
    expect(found.map(({ rule, accepted }) => [rule, accepted])).toEqual([
      ['PD000', undefined],
      ['PD002', undefined],
    ]);
    expect(lineOf(accepting(text), found[0]?.place.line ?? 0)).toContain('bowline.dev/accept');
  });
});

test('SARIF has the rule, the position and the reason', () => {
  const text = validManifestsWith('interval: 10s', 'interval: 5s').replace(
    '  annotations:\n',
    '  annotations:\n    bowline.dev/accept: "PD002: a test"\n',
  );
  expect(renderSarif(findings(rules, text), rules, '1.2.3')).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'bowline', version: '1.2.3' } },
        results: [
          {
            ruleId: 'PD002',
            level: 'error',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'file-0.yaml' },
                  region: { startLine: 19, startColumn: 15 },
                },
              },
            ],
            suppressions: [{ justification: 'a test' }],
          },
        ],
      },
    ],
  });
});

test('an error fails the synth, and names the object and its field', () => {
  const app = new App({ outdir: '' });
  const chart = new Chart(app, 'shop');
  validateRules(chart);
  Canary.gatewayApi(chart, 'Canary', {
    metadata: { name: 'web', namespace: 'shop', annotations: { 'bowline.dev/rollback-budget': '60s' } },
    port: 8080,
    hostname: 'web.example.com',
    gateway: { name: 'public', namespace: 'gateway' },
    progressDeadline: Duration.seconds(600),
    interval: Duration.seconds(10),
    threshold: 3,
    steps: StepWeights.of(50),
  });
  expect(() => chart.toJson()).toThrow(
    /PD010 Canary shop\/web: spec\.progressDeadlineSeconds: progressDeadlineSeconds is 600/,
  );
});

describe('files', () => {
  test('the items of a List have their own positions', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n${validManifestsWith('interval: 10s', 'interval: 5s').split('---\n')[0]?.replace(/^/gm, '    ').replace('    api', '  - api')}`;
    const [finding] = findings(rules, list).filter(({ rule }) => rule === 'PD002');
    expect(lineOf(list, finding?.place.line ?? 0)).toBe('interval: 5s');
  });

  test('an unreadable document is reported with its position, and the others are parsed', () => {
    const parsed = parseObjects(
      'broken.yaml',
      `${validManifests}---\napiVersion: v1\nkind: Service\nmetadata: { name: [\n`,
    );
    expect(parsed.objects).toHaveLength(4);
    expect(parsed.unreadable).toMatchObject([{ file: 'broken.yaml', place: { line: expect.any(Number) } }]);
  });

  test('only a CustomResourceDefinition may be unreadable', () => {
    const broken = (kind: string) => `kind: ${kind}\nspec:\n  description: 'of one line\n  and another'\n`;
    const unreadable = (text: string) => parseObjects('x.yaml', text).unreadable.length;
    expect(unreadable(broken('CustomResourceDefinition'))).toBe(0);
    expect(unreadable(broken('Canary'))).toBeGreaterThan(0);
    expect(unreadable(`${broken('CustomResourceDefinition')}---\n${broken('Canary')}`)).toBeGreaterThan(0);
    expect(unreadable(`${broken('CustomResourceDefinition')}---\n${validManifests}`)).toBe(0);
    expect(unreadable("spec:\n  description: 'of one line\n  and another'\n")).toBeGreaterThan(0);
  });

  test('the closest of several targets with one name counts', () => {
    const [canary = '', deployment = ''] = validManifests.split('---\n');
    const objects = [
      ...parseObjects('other/deployment.yaml', deployment.replace('  selector:', '  replicas: 3\n  selector:')).objects,
      ...parseObjects('web/deployment.yaml', deployment).objects,
      ...parseObjects('web/canary.yaml', canary).objects,
    ];
    expect(checkObjects(objects, rules).filter(({ rule }) => rule === 'PD009')).toEqual([]);
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, aws_ecr as ecr, Stack, Validations } from 'aws-cdk-lib';
import { BowlineRules, renderRulesPage, rules } from '../../../lib/pipeline/rules';
import { synthesize } from '../synthesize';

const folder = join(__dirname, '..', '..', '..', 'lib', 'pipeline', 'rules', 'definitions');

test('every rule has a file and a test named after it', () => {
  const ids = rules.map(({ id }) => id);
  expect(ids).toEqual([...ids].sort());
  const names = (path: string, end: string) =>
    readdirSync(path)
      .map((file) => file.replace(end, ''))
      .sort();
  expect(names(folder, '.ts')).toEqual(ids);
  expect(names(join(__dirname, 'definitions'), '.test.ts')).toEqual(ids);
});

test('docs/reference/pipeline-rules.md is generated from the rules', () => {
  const page = join(__dirname, '..', '..', '..', 'docs', 'reference', 'pipeline-rules.md');
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, renderRulesPage(rules));
  }
  expect(readFileSync(page, 'utf8')).toBe(renderRulesPage(rules));
});

test('the templates of the example have no finding', () => {
  const findings = [...synthesize().templates].flatMap(([stack, { Resources }]) =>
    rules.flatMap((rule) => rule.check(Resources).map((finding) => ({ stack, rule: rule.id, ...finding }))),
  );
  expect(findings).toEqual([]);
});

test('a finding fails the synth and names the rule and the resource', () => {
  const app = new App({ analyticsReporting: false });
  Validations.of(app).addPlugins(new BowlineRules(rules));
  const stack = new Stack(app, 'S');
  new ecr.Repository(stack, 'MutableTags', { repositoryName: 'acme/hello' });
  const outputSpies = [jest.spyOn(process.stderr, 'write'), jest.spyOn(process.stdout, 'write')].map((spy) =>
    spy.mockImplementation(() => true),
  );
  const exitCode = process.exitCode;
  try {
    expect(() => app.synth()).toThrow(/[Vv]alidation/);
    const report = readFileSync(join(app.outdir, 'validation-report.json'), 'utf8');
    expect(report).toContain('immutable-tags');
    expect(report).toContain('S/MutableTags');
  } finally {
    process.exitCode = exitCode;
    for (const spy of outputSpies) {
      spy.mockRestore();
    }
  }
});

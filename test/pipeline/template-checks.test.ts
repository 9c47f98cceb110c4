import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { plainApp } from '../../bench/synth/plain-app';
import { bowlineApp, type PlatformProps } from '../../lib/pipeline';
import { root } from '../scaffold/packed';
import {
  type CheckerFinding,
  cfnLintFindings,
  checkovFindings,
  nagFindings,
  templatesBelow,
  trivyFindings,
} from './checkers';
import { renderChecksPage } from './checks-page';
import { onCodeCommit, onGitHub } from './rich-platforms';
import { exampleCatalog, featureFlags, program } from './synthesize';

jest.setTimeout(120_000);

const directory = mkdtempSync(join(tmpdir(), 'bowline-checks-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Apps by the folder that they are synthesized into. */
const apps: Readonly<Record<string, (outdir: string) => App>> = {
  plain: (outdir) => plainApp({ services: 1, outdir, program, context: featureFlags() }),
  example: (outdir) => ours(outdir, {}),
  github: (outdir) => ours(outdir, onGitHub),
  codecommit: (outdir) => ours(outdir, onCodeCommit),
};
const own = ['example', 'github', 'codecommit'] as const;

function ours(outdir: string, props: Partial<PlatformProps>): App {
  return bowlineApp({ catalog: exampleCatalog, program, ...props, app: { outdir, context: featureFlags() } });
}

const findings: Record<string, readonly CheckerFinding[]> = {};
/** What a checker says of the app in a folder. */
const of = (checker: string, app: string) =>
  (findings[checker] ?? []).filter(({ file }) => `${file}${sep}`.startsWith(join(directory, 'apps', app) + sep));
const openOf = (checker: string, app: string) => of(checker, app).filter(({ accepted }) => accepted === undefined);

beforeAll(() => {
  const all = join(directory, 'apps');
  for (const [name, make] of Object.entries(apps)) {
    const outdir = join(all, name);
    mkdirSync(outdir, { recursive: true });
    const app = make(outdir);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    try {
      app.synth();
    } catch (error) {
      // What nag finds in the plain app ends its synth; the templates and the report are there.
      if (name !== 'plain') {
        throw error;
      }
    }
  }
  findings['cdk-nag'] = Object.keys(apps).flatMap((name) => nagFindings(join(all, name)));
  // One start of each program for all apps.
  findings['cfn-lint'] = cfnLintFindings(all);
  findings.checkov = checkovFindings(all);
  findings.trivy = trivyFindings(all);
});

test('there are templates of every kind to look at', () => {
  expect(own.map((name) => templatesBelow(join(directory, 'apps', name)).length)).toEqual([4, 6, 5]);
});

describe.each(own)('of the platform %s', (app) => {
  test.each(['cdk-nag', 'cfn-lint', 'checkov'])('%s finds nothing that is not accepted', (checker) => {
    expect(openOf(checker, app)).toEqual([]);
  });

  test('nag is overruled in three or four matters alone, and of wildcards by their resource', () => {
    const rules = of('cdk-nag', app).map(({ rule }) => rule);
    expect([...new Set(rules.map((rule) => rule.replace(/\[.*$/, '')))].sort()).toEqual([
      'AwsSolutions-CB4',
      // Where there is a toolbox.
      ...(app === 'example' ? [] : ['AwsSolutions-CB5']),
      'AwsSolutions-IAM5',
      'AwsSolutions-S1',
    ]);
    const wildcards = rules.filter((rule) => rule.startsWith('AwsSolutions-IAM5'));
    expect(wildcards.length).toBeGreaterThan(10);
    for (const rule of wildcards) {
      expect(rule).toMatch(/^AwsSolutions-IAM5\[Resource::.+\]$/);
    }
  });

  test('everything that is accepted has a sentence for its reason', () => {
    for (const { accepted } of [...of('cdk-nag', app), ...of('checkov', app)]) {
      expect((accepted ?? '').length).toBeGreaterThan(30);
    }
  });
});

test('docs/reference/template-checks.md tells what the checkers find in a plain app of the same resources, and in ours', () => {
  const page = join(root, 'docs', 'reference', 'template-checks.md');
  const fresh = readFileSync(page, 'utf8').replace(
    /<!-- generated: checks -->[\s\S]*<!-- end -->/,
    () => `<!-- generated: checks -->\n\n${renderChecksPage(Object.keys(findings), of)}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});

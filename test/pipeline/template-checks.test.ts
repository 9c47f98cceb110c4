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

jest.setTimeout(900_000);

const directory = mkdtempSync(join(tmpdir(), 'bowline-checks-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Apps by name of their output folder. */
const apps: Readonly<Record<string, (outdir: string) => App>> = {
  plain: (outdir) => plainApp({ services: 1, outdir, program, context: featureFlags() }),
  example: (outdir) => platformApp(outdir, {}),
  github: (outdir) => platformApp(outdir, onGitHub),
  codecommit: (outdir) => platformApp(outdir, onCodeCommit),
};
const platforms = ['example', 'github', 'codecommit'] as const;

function platformApp(outdir: string, props: Partial<PlatformProps>): App {
  return bowlineApp({ catalog: exampleCatalog, program, ...props, app: { outdir, context: featureFlags() } });
}

const findings: Record<string, readonly CheckerFinding[]> = {};
/** The findings of a checker about one app. */
const findingsOf = (checker: string, app: string) =>
  (findings[checker] ?? []).filter(({ file }) => `${file}${sep}`.startsWith(join(directory, 'apps', app) + sep));
const openFindingsOf = (checker: string, app: string) =>
  findingsOf(checker, app).filter(({ accepted }) => accepted === undefined);

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
      // The findings of cdk-nag fail the synth of the plain app, after it has written the templates and the report.
      if (name !== 'plain') {
        throw error;
      }
    }
  }
  findings['cdk-nag'] = Object.keys(apps).flatMap((name) => nagFindings(join(all, name)));
  // Each program runs once for all apps.
  findings['cfn-lint'] = cfnLintFindings(all);
  findings.checkov = checkovFindings(all);
  findings.trivy = trivyFindings(all);
});

test('every app has its templates', () => {
  expect(platforms.map((name) => templatesBelow(join(directory, 'apps', name)).length)).toEqual([4, 6, 5]);
});

describe.each(platforms)('in the platform %s', (app) => {
  test.each(['cdk-nag', 'cfn-lint', 'checkov'])('%s has no open finding', (checker) => {
    expect(openFindingsOf(checker, app)).toEqual([]);
  });

  test('only a few rules of cdk-nag are accepted, wildcards by resource', () => {
    const rules = findingsOf('cdk-nag', app).map(({ rule }) => rule);
    expect([...new Set(rules.map((rule) => rule.replace(/\[.*$/, '')))].sort()).toEqual([
      'AwsSolutions-CB4',
      // Only if there is a toolbox.
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

  test('every accepted finding has a sentence as its reason', () => {
    for (const { accepted } of [...findingsOf('cdk-nag', app), ...findingsOf('checkov', app)]) {
      expect((accepted ?? '').length).toBeGreaterThan(30);
    }
  });
});

test('docs/reference/template-checks.md lists the findings in a plain CDK app with the same resources, and in the platforms of Bowline', () => {
  const page = join(root, 'docs', 'reference', 'template-checks.md');
  const fresh = readFileSync(page, 'utf8').replace(
    /<!-- generated: checks -->[\s\S]*<!-- end -->/,
    () => `<!-- generated: checks -->\n\n${renderChecksPage(Object.keys(findings), findingsOf)}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { bowlineApp } from '../../lib/pipeline';
import { assemblyDirectory, exampleCatalog, featureFlags, program, pullRequestsOf } from './synthesize';

/** What of `validation-report.json` is asked for. */
interface PluginReport {
  readonly pluginName: string;
  readonly conclusion: string;
  readonly violations: readonly unknown[];
  readonly suppressedViolations: readonly { readonly ruleName: string; readonly reason: string }[];
}

let report: PluginReport;
beforeAll(() => {
  const outdir = assemblyDirectory();
  const app = bowlineApp({
    catalog: exampleCatalog,
    program,
    pullRequests: pullRequestsOf(),
    app: { outdir, context: featureFlags() },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    readonly pluginReports: readonly PluginReport[];
  };
  report = pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions') as PluginReport;
});

describe("cdk-nag's AwsSolutions", () => {
  test('finds nothing in the example platform that is not accepted', () => {
    expect({ conclusion: report.conclusion, violations: report.violations }).toEqual({
      conclusion: 'success',
      violations: [],
    });
  });

  test('is overruled in three matters alone, each time with a reason', () => {
    const rules = report.suppressedViolations.map(({ ruleName }) => ruleName.replace(/\[.*$/, ''));
    expect([...new Set(rules)].sort()).toEqual(['AwsSolutions-CB4', 'AwsSolutions-IAM5', 'AwsSolutions-S1']);
    for (const { reason } of report.suppressedViolations) {
      expect(reason.length).toBeGreaterThan(30);
    }
  });

  test('is told of wildcards by their resource, so that none is accepted unseen', () => {
    const wildcards = report.suppressedViolations.filter(({ ruleName }) => ruleName.startsWith('AwsSolutions-IAM5'));
    expect(wildcards.length).toBeGreaterThan(10);
    for (const { ruleName } of wildcards) {
      expect(ruleName).toMatch(/^AwsSolutions-IAM5\[Resource::.+\]$/);
    }
  });
});

import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejected } from '../errors';
import type { SourceFacts, StepFailure } from '../image';
import {
  describeTests,
  explainTests,
  findTestReport,
  parseTestReport,
  renderTestDockerignore,
  renderTestStages,
  summarizeTests,
  type TestReport,
  type TestSummary,
  testPlan,
  testProbeContext,
  testTarget,
} from '../image/tests';
import { withTemporaryFolder, writeFileAtomic } from '../process';
import { toolPath } from '../tools';
import { type SolveInput, solve } from './clients/buildkit-solve';

/**
 * Runs the tests of the service in BuildKit, if the catalog asks for them: without network, credentials and the cache of the compiler. BuildKit keeps
 * the result of tests that passed: they run again when the source, the modules or the builder change.
 * @param caches options that import and export caches
 * @throws BowlineError `tests-failed`, `tests-timed-out`, `no-tests` (exit 2), and as {@link solve}
 */
export async function testSource(
  work: SolveInput,
  facts: SourceFacts,
  caches: readonly string[],
): Promise<TestSummary | undefined> {
  const { service, recipe, reporter } = work;
  const { test } = service.build;
  if (test === undefined) {
    return undefined;
  }
  const began = new Date();
  const report = await withTemporaryFolder('tests', async (scratch) => {
    const context = join(scratch, 'context');
    mkdirSync(context);
    copyFileSync(toolPath('start-probe'), join(context, 'start-probe'));
    chmodSync(join(context, 'start-probe'), 0o755);
    writeFileAtomic(join(context, 'plan.json'), JSON.stringify(testPlan(service, test)));
    const failure: { report?: TestReport } = {};
    const explainFailure = (step: StepFailure) => {
      failure.report = findTestReport(step.lines);
      return failure.report === undefined ? undefined : new TestsFailed();
    };
    const out = join(scratch, 'out');
    const { layout, dockerignore } = recipe;
    const stages = renderTestStages(service, layout, test.race);
    try {
      await solve(
        {
          ...work,
          recipe: {
            ...recipe,
            dockerfile: `${recipe.dockerfile}${stages}`,
            dockerignore: renderTestDockerignore({ facts, layout, dockerignore }),
          },
          explainFailure,
        },
        [
          ...['--opt', `target=${testTarget}`],
          ...['--opt', `context:${testProbeContext}=local:${testProbeContext}`],
          ...['--local', `${testProbeContext}=${context}`],
          ...['--output', `type=local,dest=${out}`],
          ...caches,
        ],
      );
    } catch (error) {
      if (error instanceof TestsFailed && failure.report !== undefined) {
        return failure.report;
      }
      throw error;
    }
    return parseTestReport(readFileSync(join(out, 'report.json'), 'utf8'));
  });
  const summary = summarizeTests(report);
  if (report.exitCode !== 0 || report.timedOut || report.failed > 0 || summary.packages === 0) {
    const { code, message } = explainTests(service, report, test.timeout);
    throw rejected(code, message);
  }
  for (const { package: name, passed, skipped, seconds } of report.packages) {
    reporter.progress(`tests: ${name}: ${passed} passed, ${skipped} skipped, ${seconds} s`);
  }
  // The report has whole seconds.
  const isKept = Date.parse(report.startedAt) + 1000 <= began.getTime();
  reporter.note(
    `tests: ${describeTests(summary)}${isKept ? ` (unchanged since they passed at ${report.startedAt})` : ''}`,
  );
  return summary;
}

/** Ends a solve whose tests the next build repeats. */
class TestsFailed extends Error {}

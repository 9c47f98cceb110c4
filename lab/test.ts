import { renderTeardown } from './driver';
import { authorityPath } from './git/repositories';
import { HostCluster } from './host-cluster';
import { layoutOf, stateDirectory } from './layout';
import { preflightFailure } from './machine/preflight';
import { runProgram } from './program';
import { renderResults, renderSpread } from './report/report';
import { writeReport } from './report/write-report';
import { labEnvironment } from './run/environment';
import { type ScenarioOptions, scenarioProgram } from './scenario-options';
import { runScenarios } from './scenarios/run-scenarios';

/** `npm run lab:test`. Returns the exit code: 0 all passed, 1 the run was aborted, 2 a scenario failed, 3 the preflight failed. */
async function runLabTest({ scenarios, down }: ScenarioOptions): Promise<number> {
  const startedAt = new Date();
  const layout = layoutOf(stateDirectory());
  const failure = await preflightFailure(layout);
  if (failure !== undefined) {
    printProgress(failure);
    return 3;
  }
  Object.assign(process.env, labEnvironment(layout), { GIT_SSL_CAINFO: authorityPath(layout) });
  const cluster = new HostCluster(layout, printProgress);
  const run = await runScenarios(scenarios, { layout, cluster, tearDown: down, printProgress });
  if (run.teardown !== undefined) {
    process.stderr.write(renderTeardown(run.teardown));
  }
  const report = await writeReport(startedAt, run, printProgress);
  process.stdout.write(`\n${renderResults(run.results)}\n`);
  const spread = renderSpread(run.results);
  if (spread !== '') {
    process.stdout.write(`\n${spread}\n`);
  }
  report.problems.forEach(printProgress);
  if (report.error !== undefined) {
    printProgress(`the run was aborted: ${report.error}`);
    return 1;
  }
  return report.passed ? 0 : 2;
}

function printProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

void runProgram(() =>
  scenarioProgram(async (options) => {
    process.exitCode = await runLabTest(options);
  }),
);

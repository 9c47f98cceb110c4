import { describeProblem, parseCatalog, readCatalogFiles } from '../../catalog';
import { exitCodes } from '../../errors';
import { describeRollout, findRolloutProblems, planRollouts } from '../../rollout';
import { counted, painter } from '../terminal';

/** `bowline check catalog`: every error in the files; where there is none, every rollout that exceeds its budget. */
export function runCheckCatalog(directory: string, json: boolean): void {
  const files = readCatalogFiles(directory);
  const result = parseCatalog(files.platform, files.services, files.risks);
  const rollouts = result.ok ? planRollouts(result.catalog) : [];
  const problems = result.ok ? findRolloutProblems(rollouts, files.services) : result.problems;
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: problems.length === 0, problems })}\n`);
  }
  if (result.ok && problems.length === 0) {
    const { services, platform } = result.catalog;
    process.stderr.write(rollouts.map((rollout) => `${describeRollout(rollout)}\n`).join(''));
    process.stderr.write(
      `${directory}: ${counted(services.length, 'service')} in ${counted(platform.environments.length, 'environment')}, no errors\n`,
    );
    return;
  }
  const paint = painter(process.stderr);
  for (const problem of problems) {
    process.stderr.write(`${describeProblem(problem)}\n`);
  }
  process.stderr.write(`${paint('red', counted(problems.length, 'error'))}\n`);
  process.exitCode = exitCodes.badInput;
}

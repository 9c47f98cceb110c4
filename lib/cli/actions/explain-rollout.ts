import { requireEnvironment, loadCatalog, serviceInEnvironment, requireService } from '../../catalog';
import { demandOf, judge, planInCatalog, planOf, renderAssessmentTable, renderTimeline } from '../../rollout';
import { exitCodes, writeWhole } from '../../steps';
import { InputError } from '../fail';
import { painter } from '../terminal';

export interface ExplainRolloutOptions {
  readonly catalog: string;
  readonly env?: string;
  readonly svg?: string;
  readonly json: boolean;
}

/** `bowline explain rollout <service> --env <environment>`: exit 3 where the plan can not keep what is demanded. */
export function runExplainRollout(name: string | undefined, options: ExplainRolloutOptions): void {
  if (name === undefined) {
    throw new InputError('say which service: bowline explain rollout <service> --env <environment>');
  }
  const catalog = loadCatalog(options.catalog);
  const { platform } = catalog;
  const last = platform.environments.at(-1)?.name ?? '';
  const service = serviceInEnvironment(
    platform,
    requireService(catalog, name),
    requireEnvironment(platform, options.env ?? last),
  );
  const verdict = judge(planOf(service), demandOf(service));
  const { assessment } = verdict;
  if (options.svg !== undefined) {
    writeWhole(options.svg, renderTimeline(assessment));
  }
  const problems = verdict.ok ? [] : verdict.problems;
  const suggestion =
    verdict.ok || verdict.suggestion === undefined ? undefined : planInCatalog(verdict.suggestion, service);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ service: name, environment: service.environment, ok: verdict.ok, problems, suggestion, assessment })}\n`,
    );
  } else {
    const paint = painter(process.stdout);
    process.stdout.write(`${paint('bold', `How a release of ${name} reaches ${service.environment}`)}\n\n`);
    process.stdout.write(renderAssessmentTable(assessment));
    for (const { message } of problems) {
      process.stdout.write(`\n${paint('red', message)}\n`);
    }
    if (suggestion !== undefined) {
      process.stdout.write(`\nThis one works: ${suggestion}\n`);
    }
  }
  if (!verdict.ok) {
    process.exitCode = exitCodes.badInput;
  }
}

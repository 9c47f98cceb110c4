import { loadCatalog, requireEnvironment, requireService, serviceInEnvironment } from '../../catalog';
import { exitCodes } from '../../errors';
import { writeFileAtomic } from '../../process';
import {
  demandOf,
  evaluatePlan,
  planOf,
  renderAssessmentTable,
  renderCatalogPlan,
  renderJudgedBy,
  renderTimeline,
} from '../../rollout';
import { painter } from '../terminal';

/** Options of `bowline explain rollout`. */
export interface ExplainRolloutOptions {
  readonly catalog: string;
  readonly env?: string;
  readonly svg?: string;
  readonly json: boolean;
}

/** `bowline explain rollout <service>`: exit 3 if the plan has problems: over budget, too few requests, or too likely to err. */
export function runExplainRollout(name: string, options: ExplainRolloutOptions): void {
  const catalog = loadCatalog(options.catalog);
  const { platform } = catalog;
  const last = platform.environments.at(-1)?.name ?? '';
  const service = serviceInEnvironment(
    platform,
    requireService(catalog, name),
    requireEnvironment(platform, options.env ?? last),
  );
  const plan = planOf(service);
  const verdict = evaluatePlan(plan, demandOf(service));
  const { assessment } = verdict;
  if (options.svg !== undefined) {
    writeFileAtomic(options.svg, renderTimeline(assessment));
  }
  const problems = verdict.ok ? [] : verdict.problems;
  const suggestion =
    verdict.ok || verdict.suggestion === undefined ? undefined : renderCatalogPlan(verdict.suggestion, service);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ service: name, environment: service.environment, ok: verdict.ok, problems, suggestion, assessment, metrics: service.metrics })}\n`,
    );
  } else {
    const paint = painter(process.stdout);
    process.stdout.write(`${paint('bold', `How a release of ${name} reaches ${service.environment}`)}\n\n`);
    process.stdout.write(`${renderAssessmentTable(assessment)}\n${renderJudgedBy(service, plan)}`);
    for (const { message } of problems) {
      process.stdout.write(`\n${paint('red', message)}\n`);
    }
    if (suggestion !== undefined) {
      process.stdout.write(`\nA plan without these problems: ${suggestion}\n`);
    }
  }
  if (!verdict.ok) {
    process.exitCode = exitCodes.badInput;
  }
}

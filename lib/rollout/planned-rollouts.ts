import {
  type Catalog,
  CatalogError,
  type CatalogFile,
  type CatalogProblem,
  locateProblem,
  readCatalogFiles,
  readServiceName,
  requireCatalog,
  type ServiceInEnvironment,
  servicesInEnvironments,
} from '../catalog';
import { type Demand, demandOf } from './demand';
import { evaluatePlan, type ProblemCode, type RolloutProblem, type RolloutVerdict } from './evaluate-plan';
import { planOf, presets, type RolloutPlan } from './plan';

/** A service in an environment with the verdict over its rollout. */
export interface PlannedRollout {
  readonly service: ServiceInEnvironment;
  readonly verdict: RolloutVerdict;
}

/** The rollouts of all services in all environments. Equal plans at equal traffic are judged once. */
export function planRollouts(catalog: Catalog): readonly PlannedRollout[] {
  const known = new Map<string, RolloutVerdict>();
  const judged = (plan: RolloutPlan, demand: Demand): RolloutVerdict => {
    const key = JSON.stringify([plan, demand]);
    const verdict = known.get(key) ?? evaluatePlan(plan, demand);
    known.set(key, verdict);
    return verdict;
  };
  return servicesInEnvironments(catalog).map((service) => ({
    service,
    verdict: judged(planOf(service), demandOf(service)),
  }));
}

/** What the plans of a catalog can not keep, each problem with its place in the service's file. */
export function findRolloutProblems(
  rollouts: readonly PlannedRollout[],
  files: readonly CatalogFile[],
): readonly CatalogProblem[] {
  const byName = new Map(files.map((file) => [readServiceName(file), file]));
  return rollouts.flatMap(({ service, verdict }) => {
    const file = byName.get(service.name);
    if (verdict.ok || file === undefined) {
      return [];
    }
    return verdict.problems.map((problem) =>
      locateProblem(file, pathsOf(problem.code, service), {
        code: `rollout-${problem.code}`,
        expected: `a rollout that keeps its word in ${service.environment}. ${sentence(problem)}${wayOut(service, verdict.suggestion)}`,
      }),
    );
  });
}

/**
 * Loads a catalog whose rollouts can all keep their word: what synth, publish and the local run take.
 * @throws CatalogError with every problem of every file; over budget, under the samples needed or above the bounds is one
 */
export function loadReleasableCatalog(directory: string): {
  readonly catalog: Catalog;
  readonly rollouts: readonly PlannedRollout[];
} {
  const files = readCatalogFiles(directory);
  const catalog = requireCatalog(files.platform, files.services, files.risks);
  const rollouts = planRollouts(catalog);
  const problems = findRolloutProblems(rollouts, files.services);
  if (problems.length > 0) {
    throw new CatalogError(problems);
  }
  return { catalog, rollouts };
}

/** One line for a service in an environment: how it goes out, how soon it is back. */
export function describeRollout({ service, verdict }: PlannedRollout): string {
  const { plan, worstSeconds, promote, demand } = verdict.assessment;
  const how = plan.strategy === 'canary' ? `canary ${plan.steps.join(' → ')} %` : 'blue-green';
  const back =
    plan.strategy === 'canary'
      ? `a bad release is back within ${round(worstSeconds)} s of ${demand.rollbackBudgetSeconds} s`
      : 'no user meets a release before it is promoted';
  return `${service.name} in ${service.environment}: ${how}, ${back}, a good one promoted after ${round(promote.worst)} s at most`;
}

/** The fields that a person would change, the nearest first. */
function pathsOf(code: ProblemCode, { environment }: ServiceInEnvironment): readonly (readonly string[])[] {
  const traffic = [
    ['environments', environment, 'requestsPerSecond'],
    ['traffic', 'requestsPerSecond'],
  ];
  switch (code) {
    case 'over-budget':
      return [['rollback', 'budget'], ['rollback']];
    case 'interval-below-clamp':
      return [['rollback', 'interval']];
    case 'window-too-short':
      return [['rollback', 'window']];
    case 'steps-not-ascending':
      return [['rollback', 'steps']];
    case 'single-burst':
      return [['rollback', 'threshold'], ['rollback']];
    case 'no-traffic':
    case 'false-rollback':
    case 'missed-fault':
      return [...traffic, ['rollback', 'plan']];
    case 'too-few-samples':
      return traffic;
  }
}

function sentence({ message }: RolloutProblem): string {
  return message.endsWith('.') ? message : `${message}.`;
}

function wayOut(service: ServiceInEnvironment, suggestion: RolloutPlan | undefined): string {
  return suggestion === undefined
    ? ' No plan keeps this budget at this traffic: raise rollback.budget.'
    : ` This one does: ${renderCatalogPlan(suggestion, service)}`;
}

/** A plan as a service's file would say it, in one line. */
export function renderCatalogPlan(
  plan: RolloutPlan,
  service: Pick<ServiceInEnvironment, 'rollback' | 'agent'>,
): string {
  const name = plan.strategy === 'blue-green' ? 'blue-green' : canaryPreset(service);
  const preset = presets[name];
  const fields = [
    `plan: ${name}`,
    ...(plan.strategy === 'canary' && plan.steps.join() !== preset.steps.join()
      ? [`steps: [${plan.steps.join(', ')}]`]
      : []),
    ...seconds('window', plan.windowSeconds, preset.windowSeconds),
    ...seconds('interval', plan.intervalSeconds, preset.intervalSeconds),
    ...seconds('scrape', plan.scrapeSeconds, preset.scrapeSeconds),
    ...(plan.threshold === preset.threshold ? [] : [`threshold: ${plan.threshold}`]),
    ...seconds('progressDeadline', plan.progressDeadlineSeconds, preset.progressDeadlineSeconds),
  ];
  const agent = plan.alertHook && !service.agent ? ', with agent: true' : '';
  return `rollback: { ${fields.join(', ')} }${agent}`;
}

function canaryPreset({ rollback }: Pick<ServiceInEnvironment, 'rollback'>) {
  return presets[rollback.plan].strategy === 'canary' ? rollback.plan : 'fast';
}

function seconds(field: string, value: number, preset: number): readonly string[] {
  return value === preset ? [] : [`${field}: ${value}s`];
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

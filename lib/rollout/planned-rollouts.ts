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
import { evaluatePlan, type ProblemCode, type RolloutVerdict } from './evaluate-plan';
import { planOf, presets, type RolloutPlan } from './plan';
import { describeUnboundedFaults } from './presentation/unbounded-faults';
import { roundToTenth } from './rounding';

/** A service in an environment, with the verdict on its rollout plan. */
export interface PlannedRollout {
  readonly service: ServiceInEnvironment;
  readonly verdict: RolloutVerdict;
}

/**
 * Loads a catalog for synth, publish and the local run: all of its rollout plans meet their demands.
 * @throws CatalogError with every problem of every file, including plans that are over budget or have too few samples
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

/** Evaluates the plans of all services in all environments. Equal plans with equal demands are evaluated once. */
export function planRollouts(catalog: Catalog): readonly PlannedRollout[] {
  const known = new Map<string, RolloutVerdict>();
  const evaluateOnce = (plan: RolloutPlan, demand: Demand): RolloutVerdict => {
    const key = JSON.stringify([plan, demand]);
    const verdict = known.get(key) ?? evaluatePlan(plan, demand);
    known.set(key, verdict);
    return verdict;
  };
  return servicesInEnvironments(catalog).map((service) => ({
    service,
    verdict: evaluateOnce(planOf(service), demandOf(service)),
  }));
}

/** The problems of all plans, each located at the field of the service's file that fixes it. Environments with the same problem share one. */
export function findRolloutProblems(
  rollouts: readonly PlannedRollout[],
  files: readonly CatalogFile[],
): readonly CatalogProblem[] {
  const byName = new Map(files.map((file) => [readServiceName(file), file]));
  const groups = new Map<string, { readonly problem: CatalogProblem; readonly environments: string[] }>();
  for (const { service, verdict } of rollouts) {
    const file = byName.get(service.name);
    if (verdict.ok || file === undefined) {
      continue;
    }
    for (const { code, message } of verdict.problems) {
      const problem = locateProblem(file, fieldsToChange(code, service), {
        code: `rollout-${code}`,
        expected: `${message} ${remedy(service, verdict.suggestion)}`,
      });
      const key = JSON.stringify(problem);
      const group = groups.get(key) ?? { problem, environments: [] };
      group.environments.push(service.environment);
      groups.set(key, group);
    }
  }
  return [...groups.values()].map(({ problem, environments }) => ({
    ...problem,
    expected: `a rollout plan without problems in ${joinNames(environments)}. ${problem.expected}`,
  }));
}

/** One line for a service in an environment: how it is rolled out, and how soon a bad release is rolled back. */
export function describeRollout({ service, verdict }: PlannedRollout): string {
  const { plan, worstSeconds, promote, demand } = verdict.assessment;
  const unbounded = describeUnboundedFaults(verdict.assessment);
  const strategy = plan.strategy === 'canary' ? `canary ${plan.steps.join(' → ')} %` : 'blue-green';
  const rollback =
    plan.strategy === 'canary'
      ? `${unbounded === undefined ? 'rolls a bad release back' : `may promote a ${unbounded}, rolls other bad releases back`} within ${roundToTenth(worstSeconds)} s (budget ${demand.rollbackBudgetSeconds} s)`
      : 'no user reaches a release before its promotion';
  return `${service.name} in ${service.environment}: ${strategy}, ${rollback}, promotes a good one within ${roundToTenth(promote.worst)} s`;
}

/** A plan as a service's file states it, in one line. */
export function renderCatalogPlan(
  plan: RolloutPlan,
  service: Pick<ServiceInEnvironment, 'rollback' | 'agent'>,
): string {
  const name = plan.strategy === 'blue-green' ? 'blue-green' : canaryPresetOf(service);
  const preset = presets[name];
  const fields = [`plan: ${name}`];
  if (plan.strategy === 'canary' && plan.steps.join() !== preset.steps.join()) {
    fields.push(`steps: [${plan.steps.join(', ')}]`);
  }
  const addSeconds = (field: string, value: number, presetValue: number) => {
    if (value !== presetValue) {
      fields.push(`${field}: ${value}s`);
    }
  };
  addSeconds('window', plan.windowSeconds, preset.windowSeconds);
  addSeconds('interval', plan.intervalSeconds, preset.intervalSeconds);
  addSeconds('scrape', plan.scrapeSeconds, preset.scrapeSeconds);
  if (plan.threshold !== preset.threshold) {
    fields.push(`threshold: ${plan.threshold}`);
  }
  addSeconds('progressDeadline', plan.progressDeadlineSeconds, preset.progressDeadlineSeconds);
  const agent = plan.alertHook && !service.agent ? ', with agent: true' : '';
  return `rollback: { ${fields.join(', ')} }${agent}`;
}

/** The fields whose change fixes a problem, the most likely first. */
function fieldsToChange(code: ProblemCode, { environment }: ServiceInEnvironment): readonly (readonly string[])[] {
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

function remedy(service: ServiceInEnvironment, suggestion: RolloutPlan | undefined): string {
  return suggestion === undefined
    ? 'Bowline found no plan without problems at this traffic; raise the budget or the traffic.'
    : `This plan works: ${renderCatalogPlan(suggestion, service)}`;
}

/** `dev`, `dev and prod`, `dev, stage and prod`. */
function joinNames(names: readonly string[]): string {
  const [last = '', ...others] = [...names].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}

function canaryPresetOf({ rollback }: Pick<ServiceInEnvironment, 'rollback'>) {
  return presets[rollback.plan].strategy === 'canary' ? rollback.plan : 'fast';
}

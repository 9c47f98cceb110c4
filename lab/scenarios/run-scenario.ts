import type { ClusterDriver } from '../driver';
import type { Layout } from '../layout';
import { Journal, type JournalEntry, renderEntry, type WeightChange } from '../observe/journal';
import { groupBySecond, type ResponsesPerSecond } from '../observe/responses';
import type { LabRelease } from '../release/release-hello';
import { releaseFirstVersion } from './first-release';
import type { Scenario } from './scenario';
import { type Expectation, type Measurement, type ObjectiveLimits, ScenarioContext } from './scenario-context';

/** The result of one scenario. */
export interface ScenarioResult extends Measurement {
  readonly number: number;
  readonly name: string;
  readonly title: string;
  readonly passed: boolean;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly expectations: readonly Expectation[];
  /** Undefined if the scenario did not start. */
  readonly limits?: ObjectiveLimits;
  /** Why the scenario was aborted. */
  readonly error?: string;
  readonly journal: readonly JournalEntry[];
  readonly weights: readonly WeightChange[];
  readonly responses: readonly ResponsesPerSecond[];
  readonly releases: readonly LabRelease[];
}

export interface ScenarioEnvironment {
  readonly layout: Layout;
  readonly cluster: ClusterDriver;
  readonly printProgress: (line: string) => void;
}

/** Runs a scenario. Never throws: an error is part of the result. */
export async function runScenario(scenario: Scenario, environment: ScenarioEnvironment): Promise<ScenarioResult> {
  const { number, name, title } = scenario;
  const { layout, cluster, printProgress } = environment;
  printProgress(`\n${number}. ${title}`);
  const startJournal = () => new Journal((entry, seconds) => printProgress(renderEntry(entry, seconds)));
  let journal = startJournal();
  let context: ScenarioContext | undefined;
  let error: string | undefined;
  try {
    if (scenario.startsEmpty !== true) {
      await releaseIfEmpty(scenario, environment, journal);
    }
    // The preparation is not part of the scenario's time.
    journal = startJournal();
    context = new ScenarioContext(layout, cluster, journal, scenario.service);
    if (scenario.startsEmpty !== true) {
      await context.restoreStableState();
    }
    await scenario.run(context);
  } catch (thrown) {
    error = (thrown as Error).message;
    journal.note('lab', `✗ ${error}`);
  } finally {
    context?.close();
  }
  const expectations = context?.expectations ?? [];
  const passed = error === undefined && expectations.length > 0 && expectations.every(({ met }) => met);
  printProgress(`${passed ? 'passed' : 'FAILED'}: ${name}`);
  return {
    badResponses: 0,
    lostRequests: 0,
    ...context?.measurement,
    number,
    name,
    title,
    passed,
    startedAt: journal.startedAt,
    seconds: (Date.now() - journal.startedAt) / 1000,
    expectations,
    limits: context?.limits(),
    error,
    journal: journal.entries(),
    weights: context?.weights() ?? [],
    responses: groupBySecond(context?.responses() ?? []),
    releases: context?.releases ?? [],
  };
}

/** Releases a first version if the cluster is empty, so that each scenario can run alone. */
async function releaseIfEmpty(
  scenario: Scenario,
  { layout, cluster, printProgress }: ScenarioEnvironment,
  journal: Journal,
): Promise<void> {
  const context = new ScenarioContext(layout, cluster, journal, scenario.service);
  try {
    if (!(await isReleased(context))) {
      printProgress(`The cluster has no release of ${context.service.name}: releasing version 1.0.0 first.`);
      await releaseFirstVersion(context);
    }
  } finally {
    context.close();
  }
}

/** Whether the service has been released into the cluster. */
export async function isReleased({ client, service }: Pick<ScenarioContext, 'client' | 'service'>): Promise<boolean> {
  const { namespace, name } = service;
  const path = `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries/${name}`;
  return (await client.get(path)) !== undefined;
}

import type { ClusterDriver, Teardown } from '../driver';
import type { Layout } from '../layout';
import { isLabInUse } from './lab-in-use';
import { runScenario, type ScenarioResult } from './run-scenario';
import type { Scenario } from './scenario';

/** The result of a run, complete or aborted. */
export interface ScenarioRun {
  readonly results: readonly ScenarioResult[];
  /** From an empty machine to a ready platform; undefined if the lab was already up. */
  readonly bringUpSeconds?: number;
  /** Undefined if the run did not tear the lab down. */
  readonly teardown?: Teardown;
  /** Why the run was aborted. */
  readonly error?: string;
}

export interface RunOptions {
  readonly layout: Layout;
  readonly cluster: ClusterDriver;
  /** Whether to tear the lab down at the end. */
  readonly tearDown: boolean;
  readonly printProgress: (line: string) => void;
}

/** Runs scenarios one after another, and brings the lab up for them. Never throws: an error aborts the run and is part of the result. */
export async function runScenarios(scenarios: readonly Scenario[], options: RunOptions): Promise<ScenarioRun> {
  const { layout, cluster, printProgress } = options;
  const results: ScenarioResult[] = [];
  let bringUpSeconds: number | undefined;
  let teardown: Teardown | undefined;
  let error: string | undefined;
  try {
    for (const scenario of scenarios) {
      if (scenario.startsEmpty === true && (await isLabInUse(layout))) {
        printProgress('This scenario starts from an empty cluster: tearing the lab down first.');
        await cluster.down();
      }
      const { seconds, steps } = await cluster.up();
      if (steps.some(({ was, name }) => name === 'kube-apiserver' && was === 'started')) {
        bringUpSeconds = seconds;
        printProgress(`The lab is up after ${seconds.toFixed(1)} s.`);
      }
      results.push(await runScenario(scenario, { layout, cluster, printProgress }));
    }
  } catch (thrown) {
    error = messageOf(thrown);
  }
  if (options.tearDown) {
    try {
      teardown = await cluster.down();
    } catch (thrown) {
      error ??= messageOf(thrown);
    }
  }
  return { results, bringUpSeconds, teardown, error };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

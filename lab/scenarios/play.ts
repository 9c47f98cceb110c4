import type { HostCluster } from '../host-cluster';
import type { Layout } from '../layout';
import { bySecond, type SecondOfAnswers } from '../observe/answers';
import { Journal, type JournalEntry, journalLine, type WeightChange } from '../observe/journal';
import type { LabRelease } from '../release/release-hello';
import { releaseFirst } from './first-release';
import type { Scenario } from './scenario';
import { type Expectation, type Measurement, Stage } from './stage';

/** How a scenario went. */
export interface ScenarioResult extends Measurement {
  readonly number: number;
  readonly name: string;
  readonly title: string;
  readonly passed: boolean;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly seconds: number;
  readonly expectations: readonly Expectation[];
  /** Why it could not be played to its end. */
  readonly error?: string;
  readonly journal: readonly JournalEntry[];
  readonly weights: readonly WeightChange[];
  readonly answers: readonly SecondOfAnswers[];
  readonly releases: readonly LabRelease[];
}

/** Plays a scenario. Never throws: what went wrong is part of the result. */
export async function play(
  scenario: Scenario,
  layout: Layout,
  cluster: HostCluster,
  say: (line: string) => void,
): Promise<ScenarioResult> {
  say(`\n${scenario.number}. ${scenario.title}`);
  if (scenario.beginsEmpty !== true) {
    await prepare(layout, cluster, say);
  }
  const journal = new Journal((entry, seconds) => say(journalLine(entry, seconds)));
  const stage = new Stage(layout, cluster, journal);
  let error: string | undefined;
  try {
    if (scenario.beginsEmpty !== true) {
      await stage.settle();
    }
    await scenario.play(stage);
  } catch (thrown) {
    error = (thrown as Error).message;
    journal.note('lab', `✗ ${error}`);
  } finally {
    await stage.close();
  }
  const { expectations, measurement, releases } = stage;
  const passed = error === undefined && expectations.length > 0 && expectations.every(({ met }) => met);
  say(`${passed ? 'passed' : 'FAILED'}: ${scenario.name}`);
  return {
    ...measurement,
    number: scenario.number,
    name: scenario.name,
    title: scenario.title,
    passed,
    startedAt: journal.startedAt,
    seconds: (Date.now() - journal.startedAt) / 1000,
    expectations,
    ...(error === undefined ? {} : { error }),
    journal: journal.entries(),
    weights: stage.weights(),
    answers: bySecond(stage.answers()),
    releases,
  };
}

/** A service that runs, where there is none yet: so that each scenario can be played alone. */
async function prepare(layout: Layout, cluster: HostCluster, say: (line: string) => void): Promise<void> {
  const journal = new Journal((entry, seconds) => say(journalLine(entry, seconds)));
  const stage = new Stage(layout, cluster, journal);
  try {
    if (!(await isReleased(stage))) {
      say('Nothing is released yet: version 1.0.0 first.');
      await releaseFirst(stage);
    }
  } finally {
    await stage.close();
  }
}

/** Whether a service has been released into the cluster. */
export async function isReleased({ client, service }: Pick<Stage, 'client' | 'service'>): Promise<boolean> {
  const { namespace, name } = service;
  const path = `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries/${name}`;
  return (await client.get(path)) !== undefined;
}

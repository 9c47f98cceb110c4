import type { ClusterDriver } from '../driver';
import type { Layout } from '../layout';
import { Journal, type JournalEntry, journalLine, type WeightChange } from '../observe/journal';
import { bySecond, type SecondOfAnswers } from '../observe/responses';
import type { LabRelease } from '../release/release-hello';
import { releaseFirst } from './first-release';
import type { Scenario } from './scenario';
import { type Expectation, type Measurement, Stage } from './scenario-context';

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
  /** What the service's objectives allow; absent where it was not even begun. */
  readonly limits?: { readonly errorPercent: number; readonly p99Milliseconds: number };
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
  cluster: ClusterDriver,
  say: (line: string) => void,
): Promise<ScenarioResult> {
  say(`\n${scenario.number}. ${scenario.title}`);
  const { number, name, title } = scenario;
  let journal = new Journal((entry, seconds) => say(journalLine(entry, seconds)));
  let stage: Stage | undefined;
  let error: string | undefined;
  try {
    if (scenario.beginsEmpty !== true) {
      await prepare(layout, cluster, journal, say);
    }
    // The scenario's own time begins here.
    journal = new Journal((entry, seconds) => say(journalLine(entry, seconds)));
    stage = new Stage(layout, cluster, journal);
    if (scenario.beginsEmpty !== true) {
      await stage.settle();
    }
    await scenario.play(stage);
  } catch (thrown) {
    error = (thrown as Error).message;
    journal.note('lab', `✗ ${error}`);
  } finally {
    stage?.close();
  }
  const expectations = stage?.expectations ?? [];
  const passed = error === undefined && expectations.length > 0 && expectations.every(({ met }) => met);
  say(`${passed ? 'passed' : 'FAILED'}: ${name}`);
  return {
    badAnswers: 0,
    lostAnswers: 0,
    ...stage?.measurement,
    number,
    name,
    title,
    passed,
    startedAt: journal.startedAt,
    seconds: (Date.now() - journal.startedAt) / 1000,
    expectations,
    ...(stage === undefined ? {} : { limits: stage.limits() }),
    ...(error === undefined ? {} : { error }),
    journal: journal.entries(),
    weights: stage?.weights() ?? [],
    answers: bySecond(stage?.answers() ?? []),
    releases: stage?.releases ?? [],
  };
}

/** A service that runs, where there is none yet: so that each scenario can be played alone. */
async function prepare(
  layout: Layout,
  cluster: ClusterDriver,
  journal: Journal,
  say: (line: string) => void,
): Promise<void> {
  const stage = new Stage(layout, cluster, journal);
  try {
    if (!(await isReleased(stage))) {
      say('Nothing is released yet: version 1.0.0 first.');
      await releaseFirst(stage);
    }
  } finally {
    stage.close();
  }
}

/** Whether a service has been released into the cluster. */
export async function isReleased({ client, service }: Pick<Stage, 'client' | 'service'>): Promise<boolean> {
  const { namespace, name } = service;
  const path = `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries/${name}`;
  return (await client.get(path)) !== undefined;
}

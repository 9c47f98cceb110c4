import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClusterDriver, type TakeDown, takeDownText } from './driver';
import { driverOf } from './drivers';
import { authorityPath } from './git/repositories';
import { type Layout, layoutOf, stateDirectory } from './layout';
import { refusalOf } from './machine/preflight';
import { lookAtReport, reportProblems } from './report/inspect-report';
import { reportPage } from './report/page';
import { type LabReport, reportOf, resultTable, spreadTable } from './report/report';
import { labEnvironment } from './run/environment';
import { type Scenario, scenarios } from './scenarios';
import { isUsed } from './scenarios/lab-in-use';
import { play, type ScenarioResult } from './scenarios/run-scenario';

const usage = `usage: npm run lab:test                                 play every scenario
       npm run lab:test -- --scenario 2,3              these alone, in this order
       npm run lab:test -- --scenario 3 --times 3      three times, for the spread
       npm run lab:test -- --down                      take the lab down at the end
`;

interface Wish {
  readonly scenarios: readonly Scenario[];
  readonly down: boolean;
}

/** Reads the command line; undefined where it is none. */
function wishOf(words: readonly string[]): Wish | undefined {
  let chosen: readonly Scenario[] = scenarios;
  let times = 1;
  let down = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '--down') {
      down = true;
    } else if (word === '--times') {
      times = Number(words[++index]);
    } else if (word === '--scenario') {
      const numbers = (words[++index] ?? '').split(',').map(Number);
      const found = numbers.map((number) => scenarios.find((each) => each.number === number));
      if (found.some((each) => each === undefined)) {
        return undefined;
      }
      chosen = found as readonly Scenario[];
    } else {
      return undefined;
    }
  }
  if (!Number.isInteger(times) || times < 1 || times > 20) {
    return undefined;
  }
  return { scenarios: Array.from({ length: times }, () => chosen).flat(), down };
}

async function main(words: readonly string[]): Promise<number> {
  const wish = wishOf(words);
  if (wish === undefined) {
    process.stderr.write(usage);
    return 64;
  }
  const layout = layoutOf(stateDirectory());
  const refusal = await refusalOf(layout);
  if (refusal !== undefined) {
    say(refusal);
    return 3;
  }
  Object.assign(process.env, labEnvironment(layout), { GIT_SSL_CAINFO: authorityPath(layout) });
  const cluster = driverOf(layout, say);
  const startedAt = new Date();
  const played: Played = { results: [] };
  try {
    await playAll(wish.scenarios, layout, cluster, played);
  } catch (thrown) {
    played.error = messageOf(thrown);
  }
  if (wish.down) {
    try {
      played.takenDown = await cluster.down();
      process.stderr.write(takeDownText(played.takenDown));
    } catch (thrown) {
      played.error ??= messageOf(thrown);
    }
  }
  const report = await written(startedAt, played);
  process.stdout.write(`\n${resultTable(played.results)}\n`);
  if (spreadTable(played.results) !== '') {
    process.stdout.write(`\n${spreadTable(played.results)}\n`);
  }
  report.problems.forEach(say);
  if (report.error !== undefined) {
    say(`the run broke off: ${report.error}`);
  }
  return report.passed ? 0 : report.error === undefined ? 2 : 1;
}

/** What has come of a run so far. */
interface Played {
  readonly results: ScenarioResult[];
  bringUpSeconds?: number;
  takenDown?: TakeDown;
  /** Why it broke off. */
  error?: string;
}

async function playAll(
  chosen: readonly Scenario[],
  layout: Layout,
  cluster: ClusterDriver,
  played: Played,
): Promise<void> {
  for (const scenario of chosen) {
    if (scenario.beginsEmpty === true && (await isUsed(layout))) {
      say('This one begins with an empty cluster: taking the lab down first.');
      await cluster.down();
    }
    const { seconds, steps } = await cluster.up();
    if (steps.some(({ was, name }) => name === 'kube-apiserver' && was === 'started')) {
      played.bringUpSeconds = seconds;
      say(`The lab is up after ${seconds.toFixed(1)} s.`);
    }
    played.results.push(await play(scenario, layout, cluster, say));
  }
}

/** Writes the report of whatever was played, looks at it as a reader would, and writes down what is wrong with it. */
async function written(startedAt: Date, { results, ...rest }: Played): Promise<LabReport> {
  const directory = join(__dirname, 'out', startedAt.toISOString().replace(/[:.]/g, '-'));
  mkdirSync(directory, { recursive: true });
  const page = join(directory, 'report.html');
  writeFileSync(page, reportPage(reportOf(startedAt, results, rest)));
  say(`report: ${page}`);
  let problems: readonly string[];
  try {
    problems = reportProblems(await lookAtReport(page, directory), results.length);
  } catch (thrown) {
    problems = [`nobody could look at the report: ${messageOf(thrown)}`];
  }
  const report = reportOf(startedAt, results, { ...rest, problems });
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, undefined, 1)}\n`);
  return report;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);

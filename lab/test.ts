import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTools } from '../lib/tools';
import { kubeconfigPath } from './cluster/keys';
import { type TakeDown, takeDownText } from './driver';
import { authorityPath } from './git/repositories';
import { HostCluster } from './host-cluster';
import { KubernetesClient } from './kubernetes/client';
import { type Layout, layoutOf, stateDirectory, within } from './layout';
import { refusalOf } from './machine/permissions';
import { helloOf, labCatalog } from './release/catalog';
import { reportPage } from './report/page';
import { reportOf, resultTable, spreadTable } from './report/report';
import { lookAtReport, reportProblems } from './report/screenshot';
import { runningRecord } from './run/supervisor';
import { type Scenario, scenarios } from './scenarios';
import { isReleased, play, type ScenarioResult } from './scenarios/play';

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
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await ensureTools('road', { progress: say });
  const layout = layoutOf(stateDirectory());
  const refusal = await refusalOf(layout);
  if (refusal !== undefined) {
    say(refusal);
    return 3;
  }
  const cluster = new HostCluster(layout, () => {});
  const startedAt = new Date();
  const results: ScenarioResult[] = [];
  let bringUpSeconds: number | undefined;
  let takenDown: TakeDown | undefined;
  try {
    for (const scenario of wish.scenarios) {
      if (scenario.beginsEmpty === true && (await isUsed(layout))) {
        say('This one begins with an empty cluster: taking the lab down first.');
        await cluster.down();
      }
      const { seconds, steps } = await cluster.up();
      if (steps.some(({ was, name }) => name === 'kube-apiserver' && was === 'started')) {
        bringUpSeconds = seconds;
        say(`The lab is up after ${seconds.toFixed(1)} s.`);
      }
      process.env.GIT_SSL_CAINFO = authorityPath(layout);
      results.push(await play(scenario, layout, cluster, say));
    }
  } finally {
    if (wish.down) {
      takenDown = await cluster.down();
      process.stderr.write(takeDownText(takenDown));
    }
  }
  const directory = join(__dirname, 'out', startedAt.toISOString().replace(/[:.]/g, '-'));
  mkdirSync(directory, { recursive: true });
  const report = reportOf(startedAt, results, { bringUpSeconds, takenDown });
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(join(directory, 'report.html'), reportPage(report));
  process.stdout.write(`\n${resultTable(results)}\n`);
  if (spreadTable(results) !== '') {
    process.stdout.write(`\n${spreadTable(results)}\n`);
  }
  say(`report: ${join(directory, 'report.html')}`);
  const problems = reportProblems(await lookAtReport(join(directory, 'report.html'), directory), results.length);
  problems.forEach(say);
  const clean = takenDown === undefined || takenDown.left.length === 0;
  return problems.length === 0 && clean && results.every(({ passed }) => passed) ? 0 : 2;
}

/** Whether a cluster is there that is not empty, or that nobody can ask: one that was interrupted has its data still. */
async function isUsed(layout: Layout): Promise<boolean> {
  if (runningRecord(layout, 'kube-apiserver') === undefined) {
    return existsSync(within(layout, 'etcd'));
  }
  const client = KubernetesClient.fromKubeconfig(kubeconfigPath(layout, 'admin'));
  try {
    return await isReleased({ client, service: helloOf(labCatalog()) });
  } finally {
    client.close();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);

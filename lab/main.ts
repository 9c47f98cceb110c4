import { Command } from 'commander';
import { gatewayUrl } from './delivery/gateway';
import { type ClusterDriver, renderTeardown } from './driver';
import { repositoryUrl } from './git/repositories';
import { HostCluster } from './host-cluster';
import { type Layout, layoutOf, stateDirectory } from './layout';
import { preflightFailure } from './machine/preflight';
import { prometheusUrl } from './monitoring/prometheus';
import { runProgram } from './program';
import { labEnvironment } from './run/environment';
import { renderStatus } from './run/status';

interface OutputOptions {
  readonly json?: boolean;
}

/** `npm run lab`: each command returns the exit code. */
function labProgram(layout: Layout, cluster: ClusterDriver): Command {
  const program = new Command('lab').description(
    'A Kubernetes cluster with Argo CD, Flagger, Prometheus and a gateway, as processes of this machine.',
  );
  const exitWith = async (code: Promise<number>) => {
    process.exitCode = await code;
  };
  program
    .command('up')
    .description('bring the lab up, or complete an interrupted bring-up (without a command, lab does this)')
    .action(() => exitWith(up(layout, cluster)));
  program
    .command('preflight')
    .description('check whether this machine meets the requirements of the lab')
    .action(() => exitWith(preflight(layout)));
  program
    .command('status')
    .description('list the components with their state, memory and log')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => exitWith(status(cluster, options)));
  program
    .command('down')
    .description('tear the lab down, and report what is left')
    .option('--json', 'print JSON')
    .action((options: OutputOptions) => exitWith(down(cluster, options)));
  return program;
}

async function up(layout: Layout, cluster: ClusterDriver): Promise<number> {
  const preflightCode = await preflight(layout);
  if (preflightCode !== 0) {
    return preflightCode;
  }
  const { seconds } = await cluster.up();
  printProgress(`
The lab is ready after ${seconds.toFixed(1)} s.
  cluster     KUBECONFIG=${cluster.kubeconfig()}
  gateway     ${gatewayUrl(layout)} (set the Host header to the service's host name)
  ledger      ${repositoryUrl(layout, 'ledger')}
  registry    127.0.0.1:${layout.ports.registry}
  Prometheus  ${prometheusUrl(layout)}
npm run lab -- status lists the components. npm run lab:down tears the lab down.`);
  return 0;
}

async function preflight(layout: Layout): Promise<number> {
  const failure = await preflightFailure(layout);
  if (failure === undefined) {
    return 0;
  }
  printProgress(failure);
  return 3;
}

async function status(cluster: ClusterDriver, { json }: OutputOptions): Promise<number> {
  const rows = await cluster.status();
  process.stdout.write(json === true ? toJson(rows) : `${renderStatus(rows)}\n`);
  return rows.every(({ state }) => state === 'ready') ? 0 : 1;
}

async function down(cluster: ClusterDriver, { json }: OutputOptions): Promise<number> {
  const teardown = await cluster.down();
  process.stdout.write(json === true ? toJson(teardown) : renderTeardown(teardown));
  return teardown.left.length === 0 ? 0 : 1;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function printProgress(line: string): void {
  process.stderr.write(`${line}\n`);
}

// Commander's default command would report an unknown command as an argument of `up`.
const words = process.argv.slice(2);
void runProgram(
  () => {
    const layout = layoutOf(stateDirectory());
    // lab:test sets the same environment: a server with a different environment would be restarted.
    Object.assign(process.env, labEnvironment(layout));
    return labProgram(layout, new HostCluster(layout, printProgress));
  },
  words.length === 0 ? ['up'] : words,
);

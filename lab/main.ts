import { gatewayUrl } from './delivery/gateway';
import { takeDownText } from './driver';
import { driverOf } from './drivers';
import { repositoryUrl } from './git/repositories';
import { layoutOf, stateDirectory } from './layout';
import { refusalOf } from './machine/preflight';
import { prometheusUrl } from './monitoring/prometheus';
import { labEnvironment } from './run/environment';
import { statusTable } from './run/status';

const usage = `usage: npm run lab                       bring the lab up, or complete it
       npm run lab -- status [--json]    what runs, how much memory it takes, where its log is
       npm run lab -- possible           whether this machine allows what a cluster needs
       npm run lab:down                  take it down, and say what is left
`;

async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const [command = 'up', ...rest] = words.filter((word) => word !== '--json');
  const layout = layoutOf(stateDirectory());
  // As in lab:test: a server whose environment differs would be started anew.
  Object.assign(process.env, labEnvironment(layout));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const cluster = driverOf(layout, say);
  if (rest.length > 0) {
    process.stderr.write(usage);
    return 64;
  }
  switch (command) {
    case 'up':
    case 'possible': {
      const refusal = await refusalOf(layout);
      if (refusal !== undefined) {
        say(refusal);
        return 3;
      }
      if (command === 'possible') {
        return 0;
      }
      const { seconds } = await cluster.up();
      say(`
The lab is ready after ${seconds.toFixed(1)} s.
  cluster     KUBECONFIG=${cluster.kubeconfig()}
  gateway     ${gatewayUrl(layout)} (with the service's name as Host)
  ledger      ${repositoryUrl(layout, 'ledger')}
  registry    127.0.0.1:${layout.ports.registry}
  Prometheus  ${prometheusUrl(layout)}
npm run lab -- status shows its parts, npm run lab:down takes it down.`);
      return 0;
    }
    case 'status': {
      const rows = await cluster.status();
      process.stdout.write(json ? `${JSON.stringify(rows, undefined, 2)}\n` : `${statusTable(rows)}\n`);
      return rows.every(({ state }) => state === 'ready') ? 0 : 1;
    }
    case 'down': {
      const result = await cluster.down();
      process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : takeDownText(result));
      return result.left.length === 0 ? 0 : 1;
    }
    default:
      process.stderr.write(usage);
      return 64;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    // Connections that are kept alive would hold up the end.
    process.exit(code);
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);

import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { consoleReporter } from '../lib/cli/console-reporter';
import { reportFailure } from '../lib/cli/fail';
import { defaultStateDirectory, serveLocalAws } from '../lib/local';

interface Options {
  readonly catalog: string;
  readonly state: string;
  readonly port?: number;
}

new Command('aws:local')
  .description(
    'Starts a local AWS that the CDK command line can deploy to. It runs until it is interrupted, and keeps nothing.',
  )
  .addOption(
    new Option('--catalog <directory>', 'folder with platform.yaml and services/').default(
      join(__dirname, '..', 'catalog'),
    ),
  )
  .addOption(
    new Option('--state <directory>', 'state folder: registry, caches and ledger').default(defaultStateDirectory()),
  )
  .addOption(new Option('--port <number>', 'port on loopback (default: 5512, or any free port)').argParser(portNumber))
  .action(async ({ catalog, state, port }: Options) => {
    const reporter = consoleReporter();
    const { aws, machine, environmentFile } = await serveLocalAws({
      catalog,
      stateDirectory: state,
      reporter,
      port,
    });
    reporter.end();
    const { platform, services } = machine.catalog;
    const { account, region } = platform.pipeline;
    reporter.note(`A local AWS runs at ${aws.endpoint} for account ${account} in ${region}. Stop it with Ctrl-C.

In another shell:
  . ${environmentFile}
  npx cdk bootstrap aws://${account}/${region}
  npx cdk deploy --all --require-approval never
  npx bowline run ${services[0]?.name ?? '<service>'} --deployed

The catalog in ${machine.directory} uses the registry (${machine.registry}) and the ledger (${machine.ledger}) of this machine.`);
    await new Promise(() => {});
  })
  .parseAsync()
  .catch((error: unknown) => reportFailure(error, false));

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 65535.');
  }
  return port;
}

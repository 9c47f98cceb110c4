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
    'Starts a local AWS that the real CDK command line can deploy to, until it is interrupted. Nothing of it stays.',
  )
  .addOption(
    new Option('--catalog <directory>', 'folder of platform.yaml and services/').default(
      join(__dirname, '..', 'catalog'),
    ),
  )
  .addOption(
    new Option('--state <directory>', 'where registry, caches and ledger are kept').default(defaultStateDirectory()),
  )
  .addOption(new Option('--port <number>', 'on loopback (default: 5512, or any free one)').argParser(portNumber))
  .action(async ({ catalog, state, port }: Options) => {
    const reporter = consoleReporter();
    const { aws, machine, environmentFile } = await serveLocalAws({
      catalog,
      stateDirectory: state,
      reporter,
      ...(port === undefined ? {} : { port }),
    });
    reporter.end();
    const { platform, services } = machine.catalog;
    const { account, region } = platform.pipeline;
    reporter.note(`A local AWS answers at ${aws.endpoint} for account ${account} in ${region}, until Ctrl-C.

In another shell:
  . ${environmentFile}
  npx cdk bootstrap aws://${account}/${region}
  npx cdk deploy --all --require-approval never
  npx bowline run ${services[0]?.name ?? '<service>'} --deployed

What is deployed has this machine's registry (${machine.registry}) and ledger (${machine.ledger}) in its catalog: ${machine.directory}`);
    await new Promise(() => {});
  })
  .parseAsync()
  .catch((error: unknown) => reportFailure(error, false));

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('It is a whole number from 1 to 65535.');
  }
  return port;
}

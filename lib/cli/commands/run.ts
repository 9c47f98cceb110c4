import type { Command } from 'commander';
import { action } from '../action';
import type { RunOptions } from '../actions/run';
import { catalogOption, gateExitCodes, jsonOption } from '../options';

/** `bowline run` */
export function registerRun(program: Command): void {
  program
    .command('run [service]')
    .summary('run the release pipeline of a service on this machine, without an AWS account')
    .description(
      'Synthesizes the pipeline of a service and executes it action by action, with its own buildspecs, against a registry, BuildKit and a KMS on this machine. Ends with commits in a local ledger. Run it again to finish an interrupted release; a run without a change does nothing.',
    )
    .addOption(catalogOption())
    .option('--source <directory>', "checkout of the service's repository (default: examples/<service>)")
    .option('--service <file>', 'service file, for a service that is not in the catalog')
    .option('--state <directory>', 'folder of the registry, caches, keys and ledger (or BOWLINE_STATE)')
    .option('--ledger <path-or-url>', 'bare git repository to promote into (default: one in the state folder)')
    .option('--registry <host:port>', 'running registry for images and signatures (default: one that this run starts)')
    .option('--keep', 'keep the registry running after the release, until Ctrl-C, to verify what was released')
    .option(
      '--deployed',
      'execute the pipeline that "cdk deploy" created on a local AWS (npm run aws:local), read back through its APIs',
    )
    .option('--endpoint <url>', 'endpoint of that local AWS (or AWS_ENDPOINT_URL)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline run hello                                        the example service
  bowline run --source ../shop --service ../shop/shop.yaml a service that is not in the catalog
  bowline run hello --keep                                 and print the commands that verify the release
  bowline run hello --deployed                             the pipeline that "cdk deploy" created on a local AWS

${gateExitCodes}`,
    )
    .action(
      action(async (options: RunOptions, name?: string) => {
        const { runCommand } = await import('../actions/run');
        await runCommand(name, options);
      }),
    );
}

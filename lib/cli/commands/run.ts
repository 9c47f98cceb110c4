import type { Command } from 'commander';
import { catalogOption, jsonOption } from '../catalog-option';
import { action } from '../fail';
import type { RunOptions } from './run-options';

/** `bowline run` and `bowline demo`: the whole road on this machine. */
export function registerRun(program: Command): void {
  program
    .command('run [service]')
    .summary('run the whole road on this machine: what CDK synthesized, without an AWS account')
    .description(
      'Synthesizes the pipeline of a service and executes it action by action, with its own buildspecs, against a registry, BuildKit and a KMS on this machine. Ends with commits in a local ledger. Running it again finishes an interrupted road, and does nothing where nothing has changed.',
    )
    .addOption(catalogOption())
    .option('--source <directory>', "checkout of the service's repository (default: examples/<service>)")
    .option('--service <file>', 'service file, for a service that the catalog does not have')
    .option('--state <directory>', 'where registry, caches, keys and ledger are kept (or BOWLINE_STATE)')
    .option('--ledger <path-or-url>', 'bare git repository to promote into (default: one in the state folder)')
    .option('--registry <host:port>', 'registry for images and signatures that runs already (default: one of its own)')
    .option(
      '--deployed',
      'execute the pipeline that a local AWS has deployed (npm run aws:local), read back through its APIs',
    )
    .option('--endpoint <url>', 'where that AWS answers (or AWS_ENDPOINT_URL)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline run hello                                        the example service
  bowline run --source ../shop --service ../shop/shop.yaml any checkout
  bowline run hello --deployed                             what "cdk deploy" made of it, on a local AWS

Exit codes: 0 passed, 1 the result can not be relied on, 2 the gate says no, 3 bad configuration or input, 64 usage.`,
    )
    .action(
      action(
        (...words: readonly unknown[]) => (words.at(-2) as RunOptions).json,
        async (name: string | undefined, options: RunOptions) => {
          const { runCommand } = await import('../actions/run');
          await runCommand(name, options);
        },
      ),
    );
}

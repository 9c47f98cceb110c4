import type { Command } from 'commander';
import { jsonOption } from '../catalog-option';
import { action } from '../fail';
import type { InitOptions } from './init-options';

/** `bowline init`: a platform team's repository. */
export function registerInit(program: Command): void {
  program
    .command('init <directory>')
    .summary("a platform team's repository: catalog, CDK app, cdk8s app, workflow, runbook")
    .description(
      'Writes the repository of a platform team into a new folder. Asks nothing: what is not given is written as a stand-in and named, with its line. It synthesizes as it is, and is ready to deploy once every stand-in is replaced. A folder that holds something is refused.',
    )
    .option('--name <platform>', "begins the name of everything on AWS (default: the folder's name)")
    .option('--account <number>', 'AWS account of the pipelines')
    .option('--region <name>', 'AWS region', 'eu-west-1')
    .option('--connection <arn>', 'CodeConnections connection through which sources are read')
    .option('--ledger <url>', 'the GitOps repository')
    .option('--github-app <number>', 'GitHub App that writes the ledger')
    .option('--github-installation <number>', 'its installation')
    .option('--hostname <rule>', 'host names of services, such as {service}.{environment}.example.com')
    .option('--dev-account <number>', 'AWS account of the dev cluster (default: that of the pipelines)')
    .option('--prod-account <number>', 'AWS account of the prod cluster (default: that of the pipelines)')
    .option('--bowline <package>', 'what npm shall install as bowline (default: a copy of this one, in vendor/)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline init acme-platform --name acme
  bowline init platform --name acme --account 111111111111 --ledger https://github.com/acme/ledger.git

Exit codes: 0 written, 3 a folder that holds something, or a value that the catalog does not take; nothing is written then.`,
    )
    .action(
      action(
        (...words: readonly unknown[]) => (words.at(-2) as InitOptions).json,
        async (directory: string, options: InitOptions) => {
          const { runInit } = await import('../actions/init');
          await runInit(directory, options);
        },
      ),
    );
}

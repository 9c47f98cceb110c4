import type { Command } from 'commander';
import { action } from '../action';
import type { InitOptions } from '../actions/init';
import { jsonOption } from '../options';

/** `bowline init` */
export function registerInit(program: Command): void {
  program
    .command('init <directory>')
    .summary("create a platform team's repository: catalog, CDK app, cdk8s app, workflow, runbook")
    .description(
      'Creates the repository of a platform team in a new folder. Asks no questions: for each value that you do not give, it writes a placeholder and lists it with its line. The repository synthesizes without changes, and can be deployed when you have replaced every placeholder. Refuses a folder that is not empty.',
    )
    .option('--name <platform>', `prefix of every name on AWS (default: the folder's name without "-platform")`)
    .option('--account <number>', 'AWS account of the pipelines')
    .option('--region <name>', 'AWS region', 'eu-west-1')
    .option('--connection <arn>', 'CodeConnections connection that reads the sources')
    .option('--ledger <url>', 'the GitOps repository (the ledger)')
    .option('--github-app <number>', 'GitHub App that writes the ledger')
    .option('--github-installation <number>', 'installation of that GitHub App')
    .option(
      '--hostname <template>',
      'template of the host names of services, such as {service}.{environment}.example.com',
    )
    .option('--dev-account <number>', 'AWS account of the dev cluster (default: the account of the pipelines)')
    .option('--prod-account <number>', 'AWS account of the prod cluster (default: the account of the pipelines)')
    .option('--bowline <package>', 'npm specifier of bowline (default: a copy of this package, in vendor/)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline init acme-platform --name acme
  bowline init platform --name acme --account 111111111111 --ledger https://github.com/acme/ledger.git

Exit codes: 0 created, 3 the folder is not empty or the catalog does not accept a value (nothing is written).`,
    )
    .action(
      action(async (options: InitOptions, directory = '') => {
        const { runInit } = await import('../actions/init');
        await runInit(directory, options);
      }),
    );
}

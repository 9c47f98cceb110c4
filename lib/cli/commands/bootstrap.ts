import type { Command } from 'commander';
import { action } from '../action';
import type { BootstrapOptions } from '../actions/bootstrap';
import { catalogOption, jsonOption, variableOption } from '../options';

/** `bowline bootstrap` */
export function registerBootstrap(program: Command): void {
  program
    .command('bootstrap')
    .summary('write the toolbox digest and the public keys into the catalog')
    .description(
      'Runs the steps of a first deployment: checks the account, the CDK bootstrap, the trail, the toolbox and the signing keys, builds the toolbox, and writes its digest and the public keys into the catalog. Commit these files. You can run the command again at any time: it reports what is left to do.',
    )
    .addOption(catalogOption())
    .option('--rotate', 'add the new public keys and keep the previous ones, after you replaced keys on purpose', false)
    .addOption(
      variableOption('--endpoint <url>', 'AWS_ENDPOINT_URL', 'use this endpoint instead of AWS, such as a local AWS'),
    )
    .option('--qualifier <name>', 'qualifier of the CDK bootstrap, if it is not the default')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The order of a first deployment (docs/how-to/runbook.md has every step):
  npx cdk deploy '*/Toolbox' '*/Keys'
  bowline bootstrap
  git add catalog/platform.yaml catalog/keys && git commit
  bowline publish
  npx cdk deploy --all

Exit codes: 0 complete, 1 a step is left to do, 2 a key differs from the committed one, 3 the wrong account.`,
    )
    .action(
      action(async (options: BootstrapOptions) => {
        const { runBootstrap } = await import('../actions/bootstrap');
        await runBootstrap(options);
      }),
    );
}

import type { Command } from 'commander';
import { catalogOption, given, jsonOption } from '../catalog-option';
import { action } from '../fail';
import type { BootstrapOptions } from './bootstrap-options';

/** `bowline bootstrap` */
export function registerBootstrap(program: Command): void {
  program
    .command('bootstrap')
    .summary("write the toolbox's digest and the public keys into the catalog")
    .description(
      "Walks through the first deployment: looks whether the account, the CDK's bootstrap, the toolbox and the signing keys are there, has the toolbox made, and writes its digest and the public keys into the catalog, to be committed. Says what is to be done by hand. It can be run at any time, and changes nothing that is right. A key that is another than the committed one is never taken without --rotate.",
    )
    .addOption(catalogOption())
    .option('--rotate', 'the keys were replaced on purpose: write the new ones, and keep the older beside them', false)
    .addOption(given('--endpoint <url>', 'AWS_ENDPOINT_URL', 'in place of AWS itself, such as the local AWS'))
    .option('--qualifier <name>', "of the CDK's bootstrap, where it is not the default")
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The order of a first deployment, which docs/how-to/runbook.md tells in full:
  npx cdk deploy <platform>-toolbox <platform>-keys
  bowline bootstrap
  git commit catalog/platform.yaml catalog/keys
  npx cdk deploy --all

Exit codes: 0 all is there, 1 something is left to do, 2 a key is another than the committed one, 3 the wrong account.`,
    )
    .action(
      action(
        (options: BootstrapOptions) => options.json,
        async (options: BootstrapOptions) => {
          const { runBootstrap } = await import('../actions/bootstrap');
          await runBootstrap(options);
        },
      ),
    );
}

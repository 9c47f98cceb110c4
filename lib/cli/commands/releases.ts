import type { Command } from 'commander';
import { action } from '../action';
import type { ReleasesOptions } from '../actions/releases';
import { addLedgerOptions, variableOption } from '../options';

/** `bowline releases` */
export function registerReleases(program: Command): void {
  const command = program
    .command('releases [services...]')
    .summary('list what runs in each environment')
    .description('Lists the release of each service in each environment at the head of the ledger.')
    .addOption(variableOption('--env <environment>', 'BOWLINE_ENVIRONMENT', 'only this environment (default: all)'))
    .option('--out <directory>', 'also write the list to running.json in this folder, for "bowline rescan --running"')
    .addHelpText(
      'after',
      `
Examples:
  bowline releases
  bowline releases shop --env prod --json

Exit codes: 0 listed, also if there is no release, 1 the ledger is unreachable or has a release that cannot be read (not with --out: the rescan reports
it), 3 bad configuration or input, 64 usage.`,
    );
  addLedgerOptions(command).action(
    action(async (options: ReleasesOptions, services: readonly string[]) => {
      const { releasesCommand } = await import('../actions/releases');
      await releasesCommand(services, options);
    }),
  );
}

import { type Command, Option } from 'commander';
import { action } from '../action';
import type { RescanOptions } from '../actions/rescan';
import { addLedgerOptions, keysOption, variableOption } from '../options';

/** `bowline rescan` */
export function registerRescan(program: Command): void {
  const command = program
    .command('rescan [services...]')
    .summary('judge again what runs now, with the vulnerability databases of today')
    .description(
      'Judges every release at the head of the ledger again, without a build: verifies its evidence, looks up its signed SBOMs with grype and trivy in the databases of today, and applies the policy and the accepted risks of today. What the release was scanned for in its source, called functions and configuration, is taken from its signed verdict. Changes nothing.',
    )
    .addOption(variableOption('--env <environment>', 'BOWLINE_ENVIRONMENT', 'only this environment (default: all)'))
    .addOption(keysOption())
    .addOption(
      variableOption(
        '--vulnerability-database <origin>',
        'BOWLINE_VULNERABILITY_DATABASE',
        'vulnerability database to scan with',
      )
        .choices(['feed', 'fixture'])
        .default('feed'),
    )
    .addOption(
      variableOption(
        '--running <directory>',
        'BOWLINE_RUNNING',
        'folder with running.json, which "bowline releases --out" wrote (default: read the ledger)',
      ),
    )
    .addOption(
      variableOption('--running-sha256 <digest>', 'BOWLINE_RUNNING_SHA256', 'the sha256 that running.json must have'),
    )
    .addOption(new Option('--parallel <number>', 'images that are judged at a time, 1 to 64').default('4'))
    .addHelpText(
      'after',
      `
Examples:
  bowline rescan
  bowline rescan shop checkout --env prod --json

Exit codes: 0 every release passes, 1 inconclusive (a database, the registry or the ledger does not answer), 2 a release is blocked or its evidence is no good, 3 bad configuration or input, 64 usage.`,
    );
  addLedgerOptions(command).action(
    action(async (options: RescanOptions, services: readonly string[]) => {
      const { rescanCommand } = await import('../actions/rescan');
      await rescanCommand(services, options);
    }),
  );
}

import type { Command } from 'commander';
import type { HistoryEntry } from '../../steps/gitops/history';
import { shortDigest } from '../../values';
import { action } from '../fail';
import { chosenLedger, environmentOption, type LedgerOptions, wantsJson, withLedgerOptions } from '../ledger-options';
import { table } from '../terminal';

interface HistoryOptions extends LedgerOptions {
  readonly limit: string;
}

/** `bowline history` */
export function registerHistory(program: Command): void {
  const command = program
    .command('history <service>')
    .summary('what a service ran, and who changed it')
    .description(
      'Lists what a service was to run in an environment, newest first, out of the history of the ledger: when, ledger commit, image digest, source commit, and by which change.',
    )
    .addOption(environmentOption())
    .option('--limit <number>', 'how many entries', '20')
    .addHelpText(
      'after',
      `
Examples:
  bowline history shop --env prod
  bowline history shop --env prod --ledger https://git.example/acme/ledger.git --json`,
    );
  withLedgerOptions(command).action(
    action(wantsJson, async (service: string, options: HistoryOptions) => {
      const { badInput } = await import('../../steps/step-error');
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1) {
        throw badInput('bad-option', `--limit: must be a whole number above 0, got: ${JSON.stringify(options.limit)}`);
      }
      const { history } = await import('../../steps/gitops/history');
      const all = await history({ ledger: await chosenLedger(options), service, environment: options.env });
      const entries = all.slice(0, limit);
      if (options.json) {
        process.stdout.write(
          `${JSON.stringify({ ok: true, service, environment: options.env, total: all.length, entries })}\n`,
        );
        return;
      }
      if (entries.length === 0) {
        process.stderr.write(`${service} was never in the ledger's ${options.env} environment\n`);
        return;
      }
      process.stdout.write(`${historyText(entries)}\n`);
      if (all.length > entries.length) {
        process.stderr.write(`${all.length - entries.length} older ones: --limit ${all.length}\n`);
      }
    }),
  );
}

/** A table, newest first; the line of what the ledger says now is marked. */
export function historyText(entries: readonly HistoryEntry[]): string {
  return table([
    ['', 'WHEN', 'CHANGE', 'IMAGE', 'SOURCE', 'LEDGER'],
    ...entries.map((entry) => [
      entry.current ? '*' : '',
      entry.when,
      entry.change === 'other' ? `by ${entry.author}` : entry.change,
      entry.image === undefined ? '-' : shortDigest(entry.image),
      entry.source === undefined ? '-' : `${entry.source.repository}@${entry.source.commit.slice(0, 12)}`,
      entry.commit.slice(0, 12),
    ]),
  ]);
}

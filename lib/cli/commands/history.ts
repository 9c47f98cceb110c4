import type { Command } from 'commander';
import type { HistoryEntry } from '../../steps/gitops/history';
import { shortDigest } from '../../values';
import { action } from '../action';
import { addLedgerOptions, environmentOption, type LedgerOptions } from '../options';
import { table } from '../terminal';

interface HistoryOptions extends LedgerOptions {
  readonly limit: string;
}

/** `bowline history` */
export function registerHistory(program: Command): void {
  const command = program
    .command('history <service>')
    .summary('list the releases of a service in an environment')
    .description(
      'Lists the releases of a service in an environment from the history of the ledger, newest first: time, kind of change, image digest, source commit and ledger commit.',
    )
    .addOption(environmentOption())
    .option('--limit <number>', 'maximum number of entries', '20')
    .addHelpText(
      'after',
      `
Examples:
  bowline history shop --env prod
  bowline history shop --env prod --ledger https://git.example/acme/ledger.git --json

Exit codes: 0 listed, also if there is no release, 1 the ledger is unreachable, 3 bad configuration or input.`,
    );
  addLedgerOptions(command).action(
    action(async (options: HistoryOptions, service = '') => {
      const { badInput } = await import('../../errors');
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1) {
        throw badInput('bad-option', `--limit: must be a whole number above 0, got: ${JSON.stringify(options.limit)}`);
      }
      const { selectedLedger } = await import('../ledger-location');
      const { history } = await import('../../steps/gitops/history');
      const all = await history({ ledger: await selectedLedger(options, 'read'), service, environment: options.env });
      const entries = all.slice(0, limit);
      if (options.json) {
        process.stdout.write(
          `${JSON.stringify({ ok: true, service, environment: options.env, total: all.length, entries })}\n`,
        );
        return;
      }
      if (entries.length === 0) {
        process.stderr.write(`${service} has no release in the ledger's environment ${options.env}\n`);
        return;
      }
      process.stdout.write(`${historyText(entries)}\n`);
      if (all.length > entries.length) {
        process.stderr.write(`${all.length - entries.length} older entries: --limit ${all.length}\n`);
      }
    }),
  );
}

/** A table, newest first. `*` marks the present release. */
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

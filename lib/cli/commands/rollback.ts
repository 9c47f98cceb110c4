import { hostname, userInfo } from 'node:os';
import type { Command } from 'commander';
import { action } from '../action';
import { addLedgerOptions, environmentOption, type LedgerOptions } from '../options';

interface RollbackOptions extends LedgerOptions {
  readonly to?: string;
  readonly reason?: string;
  readonly by?: string;
}

/** Such as `ada@workstation`. */
function userOfMachine(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A user without a name, as in some containers.
    return hostname();
  }
}

/** `bowline rollback` */
export function registerRollback(program: Command): void {
  const command = program
    .command('rollback <service>')
    .summary('restore an earlier release of a service')
    .description(
      'Restores the inputs of an earlier release (its release file and the description of the service at that time) in the ledger, as a new commit. Without --to, restores the release before the current one; a second rollback restores the one before that. If the service changes in the ledger meanwhile, the command writes nothing.',
    )
    .addOption(environmentOption())
    .option('--to <digest>', 'release to restore: its image digest, or its first eight or more hexadecimal digits')
    .option('--reason <text>', 'reason, recorded in the commit message')
    .option('--by <person>', 'who asks for it, recorded in the commit message (default: the user of this machine)')
    .addHelpText(
      'after',
      `
Examples:
  bowline rollback shop --env prod                        restore the previous release
  bowline history shop --env prod                         list the releases
  bowline rollback shop --env prod --to 1f2e3d4c5b6a      restore a specific release

Exit codes: 0 rolled back or already there, 1 the ledger is unreachable, 2 no earlier release or superseded by another change, 3 no such service or release.`,
    );
  addLedgerOptions(command).action(
    action(async (options: RollbackOptions, service = '') => {
      const { selectedLedger } = await import('../ledger-location');
      const { rollback } = await import('../../steps/gitops/rollback');
      const { renderer } = await import('../../../charts/render');
      const result = await rollback({
        ledger: await selectedLedger(options, 'push'),
        service,
        environment: options.env,
        renderer,
        to: options.to,
        reason: options.reason,
        requestedBy: options.by ?? userOfMachine(),
      });
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ ok: true, service, environment: options.env, ...result })}\n`);
      }
      const lines = [
        ...result.notes,
        result.changed
          ? `${service} in ${options.env}: rolled back from ${result.from ?? 'no release'} to ${result.to} (restores ledger commit ${result.restores}); ledger commit ${result.commit}`
          : `${service} in ${options.env}: already runs ${result.to}, nothing to commit`,
      ];
      process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    }),
  );
}

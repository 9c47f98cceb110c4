import type { Command } from 'commander';
import { action } from '../fail';
import { chosenLedger, environmentOption, type LedgerOptions, wantsJson, withLedgerOptions } from '../ledger-options';

interface RollbackOptions extends LedgerOptions {
  readonly to?: string;
  readonly reason?: string;
}

/** `bowline rollback` */
export function registerRollback(program: Command): void {
  const command = program
    .command('rollback <service>')
    .summary('put an earlier release back')
    .description(
      'Puts the inputs of an earlier release (its release file and the description of then) back into the ledger, as a new commit. Without --to: the release before the present one; a second rollback goes further back. Dropped if someone else changes what the service runs meanwhile.',
    )
    .addOption(environmentOption())
    .option(
      '--to <digest>',
      'the release to go back to: its image digest, or the first eight or more hexadecimal digits',
    )
    .option('--reason <text>', 'why, for those who read the commit later')
    .addHelpText(
      'after',
      `
Examples:
  bowline rollback shop --env prod                        to the release before
  bowline history shop --env prod                         which there were
  bowline rollback shop --env prod --to 1f2e3d4c5b6a      to a certain one

Exit codes: 0 rolled back or already there, 1 the ledger can't be reached, 2 nothing to go back to or someone else was first, 3 no such service or release.`,
    );
  withLedgerOptions(command).action(
    action(wantsJson, async (service: string, options: RollbackOptions) => {
      const { rollback } = await import('../../steps/gitops/rollback');
      const { renderer } = await import('../../../charts/render');
      const result = await rollback({
        ledger: await chosenLedger(options),
        service,
        environment: options.env,
        renderer,
        ...(options.to === undefined ? {} : { to: options.to }),
        ...(options.reason === undefined ? {} : { reason: options.reason }),
      });
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ ok: true, service, environment: options.env, ...result })}\n`);
      }
      const lines = [
        ...result.notes,
        result.changed
          ? `${service} in ${options.env}: from ${result.from ?? 'nothing'} back to ${result.to}, as of ledger commit ${result.restores}; ledger commit ${result.commit}`
          : `${service} in ${options.env}: already runs ${result.to}, nothing to commit`,
      ];
      process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    }),
  );
}

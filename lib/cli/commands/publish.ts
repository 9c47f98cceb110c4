import type { Command } from 'commander';
import type { PublishResult } from '../../steps/gitops/publish';
import { action } from '../fail';
import { chosenLedger, type LedgerOptions, wantsJson, withLedgerOptions } from '../ledger-options';

interface PublishOptions extends LedgerOptions {
  readonly remove: readonly string[];
  readonly removeEnvironment: readonly string[];
  readonly rerender: boolean;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `bowline publish` */
export function registerPublish(program: Command): void {
  const command = program
    .command('publish')
    .summary('bring the catalog into the ledger')
    .description(
      'Writes the description of every service and environment into the ledger, and renders what is new or changed, in one commit. A service that has no release yet gets its description and nothing else. What is new or changed is checked by trivy and checkov before anything is written. Refuses to lose what the catalog no longer has, unless told by name.',
    )
    .option('--remove <service>', 'a service that may go; can be given several times', collect, [])
    .option('--remove-environment <name>', 'an environment that may go, with all that is in it', collect, [])
    .option('--rerender', 'render every released service anew, such as after an update of Bowline', false)
    .addHelpText(
      'after',
      `
Examples:
  bowline publish                        the catalog into the ledger that it names
  bowline publish --ledger ../ledger.git into another repository
  bowline publish --remove shop          shop was taken out of the catalog, and may go

Exit codes: 0 published or nothing to publish, 1 the ledger can't be reached or the manifests could not be checked,
2 it would lose something or a finding stops it, 3 a mistake in the catalog.`,
    );
  withLedgerOptions(command).action(
    action(wantsJson, async (options: PublishOptions) => {
      const { loadReleasableCatalog } = await import('../../rollout');
      const { checkConfiguration } = await import('../../steps/check-configuration');
      const { publish } = await import('../../steps/gitops/publish');
      const { renderer } = await import('../../../charts/render');
      const result = await publish({
        catalog: loadReleasableCatalog(options.catalog).catalog,
        ledger: await chosenLedger(options),
        renderer,
        check: checkConfiguration,
        remove: options.remove,
        removeEnvironments: options.removeEnvironment,
        rerender: options.rerender,
      });
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ ok: true, ...result })}\n`);
      }
      process.stderr.write(publishText(result));
    }),
  );
}

/** The answer for people: one line a service and state, then what is worth knowing. */
export function publishText(result: PublishResult): string {
  const states = ['created', 'changed', 'removed', 'unchanged'] as const;
  const lines = states.flatMap((state) => {
    const services = result.services.filter((service) => service.state === state);
    const names = [...new Set(services.map((service) => service.service))].map((name) => {
      const where = services.filter((service) => service.service === name);
      return `${name} (${where.map((each) => each.environment + (each.released || state === 'removed' ? '' : ', unreleased')).join('; ')})`;
    });
    return names.length === 0 ? [] : [`${state.padEnd(9)}  ${names.join(', ')}`];
  });
  const end = result.changed
    ? `published: ledger commit ${result.commit}`
    : `nothing to publish: the ledger already says what the catalog says${result.commit === undefined ? '' : ` (${result.commit})`}`;
  return [...lines, ...result.notes, end].map((line) => `${line}\n`).join('');
}

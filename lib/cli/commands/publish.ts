import type { Command } from 'commander';
import type { PublishResult } from '../../steps/gitops/publish';
import { action } from '../action';
import { addLedgerOptions, type LedgerOptions } from '../options';

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
    .summary('write the catalog into the ledger and render its manifests')
    .description(
      'Writes the description of every service and environment into the ledger and renders the manifests that are new or changed, in one commit. For a service without a release, writes only the description. First, trivy and checkov check everything that is new or changed. Refuses to remove what is no longer in the catalog, unless --remove names it.',
    )
    .option('--remove <service>', 'remove this service from the ledger; may be given several times', collect, [])
    .option(
      '--remove-environment <name>',
      'remove this environment with everything in it; may be given several times',
      collect,
      [],
    )
    .option('--rerender', 'render every released service again, such as after an update of Bowline', false)
    .addHelpText(
      'after',
      `
Examples:
  bowline publish                        publish to the ledger that the catalog names
  bowline publish --ledger ../ledger.git publish to another repository
  bowline publish --remove shop          shop is no longer in the catalog: remove it from the ledger

Exit codes: 0 published or unchanged, 1 the ledger is unreachable or a checker did not run,
2 a removal was not confirmed or a finding blocks, 3 an error in the catalog.`,
    );
  addLedgerOptions(command).action(
    action(async (options: PublishOptions) => {
      const { loadReleasableCatalog } = await import('../../rollout');
      const { checkConfiguration } = await import('../../steps/check-configuration');
      const { selectedLedger } = await import('../ledger-location');
      const { publish } = await import('../../steps/gitops/publish');
      const { renderer } = await import('../../../charts/render');
      const result = await publish({
        catalog: loadReleasableCatalog(options.catalog).catalog,
        ledger: await selectedLedger(options, 'push'),
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

/** The result for people: one line per state, then the notes. */
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
    : `nothing to publish: the ledger matches the catalog${result.commit === undefined ? '' : ` (${result.commit})`}`;
  return [...lines, ...result.notes, end].map((line) => `${line}\n`).join('');
}

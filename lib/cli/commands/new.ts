import type { Command } from 'commander';
import { catalogOption, jsonOption } from '../catalog-option';
import { action } from '../fail';
import type { NewServiceOptions } from './new-service-options';

/** `bowline new service` */
export function registerNew(program: Command): void {
  program
    .command('new')
    .summary('a new service: its file in the catalog, and with --code its source')
    .description('Writes what is new. Nothing that is there is touched.')
    .command('service <name>')
    .summary("a service's file in the catalog, and with --code a Go service that passes every gate")
    .description(
      'Adds a service to the catalog, each field with a comment, and checks the whole catalog with it before anything is written. With --code it also writes the source: a Go service with metrics, JSON logs with trace ids, health endpoints and an orderly stop, with tests.',
    )
    .addOption(catalogOption())
    .option('--team <name>', "the team that owns it (default: the platform's name)")
    .option('--repository <owner/repository>', 'where its source is (default: <platform>/<name>)')
    .option('--requests-per-second <number>', 'expected traffic', '50')
    .option('--code <directory>', 'write a Go service into this new folder')
    .option('--module <path>', 'its Go module (default: github.com/<repository>)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline new service orders --team storefront --repository acme/orders
  bowline new service orders --code ../orders

Exit codes: 0 written, 3 it is there already, or the catalog would not pass its check; nothing is written then.`,
    )
    .action(
      action(
        (...words: readonly unknown[]) => (words.at(-2) as NewServiceOptions).json,
        async (name: string, options: NewServiceOptions) => {
          const { runNewService } = await import('../actions/new-service');
          runNewService(name, options);
        },
      ),
    );
}

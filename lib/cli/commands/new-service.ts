import type { Command } from 'commander';
import { action } from '../action';
import type { NewServiceOptions } from '../actions/new-service';
import { requireSubcommand } from '../command-group';
import { catalogOption, jsonOption } from '../options';

/** `bowline new service` */
export function registerNewService(program: Command): void {
  const group = program
    .command('new')
    .summary('add a service: its catalog file and, with --code, its source')
    .description('Creates new files. Existing files stay as they are.');
  group
    .command('service [name]')
    .summary('add a service to the catalog: one that exists (--from), or a new Go service (--code)')
    .description(
      'Adds a service to the catalog, with a comment for each field. Checks the whole catalog before it writes anything. With --from, reads the checkout of a Go service that exists: its program, cgo, arguments, files, port, probes and metrics, each with the place where it was found. Where the tools of bowline run are installed, it also builds the image and starts it once, without network, to see what listens and answers. What the source does not say is listed, and check catalog reports those lines until you edit them. With --code, creates the source: a Go service with metrics, JSON logs with trace ids, health endpoints, graceful shutdown and tests.',
    )
    .addOption(catalogOption())
    .option('--team <name>', "team that owns the service (default: the platform's name)")
    .option('--repository <owner/repository>', 'repository of the source (default: <platform>/<name>)')
    .option('--requests-per-second <number>', 'expected traffic', '50')
    .option('--from <checkout>', 'read this checkout of a Go service (default of the name: that of its module)')
    .option('--main <package>', 'with --from: the main package, relative to go.mod, such as ./cmd/server')
    .option('--no-start', 'with --from: only read the source, do not build and start the image')
    .option('--code <directory>', 'create a Go service in this new folder')
    .option('--module <path>', 'Go module of the new service (default: github.com/<repository>)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline new service orders --team storefront --repository acme/orders
  bowline new service orders --code ../orders
  bowline new service --from ../podinfo

Exit codes: 0 created, 3 the service exists or the catalog would have errors (nothing is written).`,
    )
    .action(
      action(async (options: NewServiceOptions, name) => {
        if (options.from !== undefined) {
          const { runAdoptService } = await import('../actions/adopt-service');
          await runAdoptService(name, options.from, options);
          return;
        }
        const { runNewService } = await import('../actions/new-service');
        runNewService(name, options);
      }),
    );
  requireSubcommand(group, 'use: bowline new service <name>, or bowline new service --from <checkout>', (word) =>
    word === undefined
      ? 'bowline new needs a kind of thing to create'
      : `unknown command '${word}': did you mean bowline new service ${word}?`,
  );
}

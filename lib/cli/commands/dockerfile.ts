import type { Command } from 'commander';
import { action } from '../action';
import type { DockerfileOptions } from '../actions/dockerfile';
import { catalogOption, jsonOption } from '../options';

/** `bowline dockerfile` */
export function registerDockerfile(program: Command): void {
  program
    .command('dockerfile <service>')
    .summary('print the generated Dockerfile of a service')
    .description(
      'Prints the generated Dockerfile or, with --ignore, the generated .dockerignore.\n\nExit codes: 0 printed, 3 bad configuration or input.',
    )
    .addOption(catalogOption())
    .option(
      '--source <directory>',
      'checkout of the source, for the parts that depend on it (vendor folder, embedded files)',
    )
    .option('--ignore', 'print the .dockerignore (the allow-list of the build context) instead')
    .addOption(jsonOption())
    .action(
      action(async (options: DockerfileOptions, service = '') => {
        const { runDockerfile } = await import('../actions/dockerfile');
        await runDockerfile(service, options);
      }),
    );
}

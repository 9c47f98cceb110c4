import type { Command } from 'commander';
import { catalogOption, jsonOption } from '../catalog-option';
import { action, InputError } from '../fail';

interface CatalogOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly source?: string;
  readonly env?: string;
}

interface ExplainOptions extends CatalogOptions {
  readonly svg?: string;
  readonly pullRequests?: string;
  readonly assembly?: string;
}

const json = (...words: readonly unknown[]) => (words.at(-2) as CatalogOptions).json;

/** Commands that look at the catalog and change nothing. */
export function registerCatalogCommands(program: Command): void {
  program
    .command('check [directory]')
    .summary('every mistake of every catalog file, or of the manifests in a folder')
    .description(
      'Without a folder: checks the whole catalog and names every mistake with file, line, column, what was found and what would be right. Exit 3 if there is any.\n\nWith a folder (or a file): holds any manifests of Flagger, Argo CD and Prometheus against the rules PD001 to PD017, with file and line. Exit 2 for an error, 1 where a file could not be read.',
    )
    .addOption(catalogOption())
    .option('--sarif <file>', 'with a folder: write the findings as SARIF 2.1.0')
    .addOption(jsonOption())
    .action(
      action(json, async (directory: string | undefined, options: CatalogOptions & { readonly sarif?: string }) => {
        if (directory !== undefined) {
          const { runCheckManifests } = await import('../actions/check-manifests');
          runCheckManifests(directory, options);
          return;
        }
        if (options.sarif !== undefined) {
          throw new InputError('--sarif goes with a folder of manifests: bowline check <directory> --sarif <file>');
        }
        const { runCheck } = await import('../actions/catalog-actions');
        runCheck(options.catalog, options.json);
      }),
    );
  program
    .command('explain <what> [service]')
    .summary('what is decided for a service, or who may do what, and why')
    .description(
      'Explains a service: every decision about how it is built, with its reason. Or "permissions": every role on AWS, what it may do, and why no more exactly. Or "deployment": the policy that CloudFormation needs to deploy, in place of administrator access. Or "boundary": the most that any role of ours may do. Or "rollout" and a service: when a bad release of it is back, and why.',
    )
    .addOption(catalogOption())
    .option('--source <directory>', 'a checkout, for what depends on the source (vendor folder, embedded files)')
    .option('--env <environment>', 'for "rollout": which environment (default: the last one)')
    .option('--svg <file>', 'for "rollout": write the timeline as a picture')
    .option(
      '--pull-requests <arn>',
      'for "permissions", "deployment" and "boundary": the connection of pull requests, where they are built',
    )
    .option(
      '--assembly <directory>',
      'for "permissions": read them from what "cdk synth" wrote, with those of your own strategies',
    )
    .addOption(jsonOption())
    .action(
      action(json, async (what: string, service: string | undefined, options: ExplainOptions) => {
        if (what === 'rollout') {
          const { runExplainRollout } = await import('../actions/explain-rollout');
          runExplainRollout(service, options);
          return;
        }
        if (service !== undefined) {
          throw new InputError(`bowline explain ${what} takes no second word: ${JSON.stringify(service)}`);
        }
        if (what === 'permissions' || what === 'deployment' || what === 'boundary') {
          const { runExplainPermissions } = await import('../actions/explain-permissions');
          runExplainPermissions(options.catalog, what, options.json, options.pullRequests, options.assembly);
          return;
        }
        const { runExplain } = await import('../actions/catalog-actions');
        runExplain(options.catalog, what, options.source, options.json);
      }),
    );
  program
    .command('dockerfile <service>')
    .summary('the Dockerfile that a service is built with')
    .description('Prints the generated Dockerfile (or, with --ignore, the generated .dockerignore).')
    .addOption(catalogOption())
    .option('--source <directory>', 'a checkout, for what depends on the source')
    .option('--ignore', 'print the build context allow-list instead')
    .addOption(jsonOption())
    .action(
      action(json, async (service: string, options: CatalogOptions & { readonly ignore?: boolean }) => {
        const { runDockerfile } = await import('../actions/catalog-actions');
        runDockerfile(options.catalog, service, options.source, options.ignore === true, options.json);
      }),
    );
  program
    .command('schema <kind>')
    .summary('JSON Schema of a catalog file, for editors')
    .description('Prints the JSON Schema of platform.yaml (platform) or of a service file (service).')
    .action(
      action(
        (_kind: string) => false,
        async (kind: string) => {
          const { runSchema } = await import('../actions/catalog-actions');
          runSchema(kind);
        },
      ),
    );
}

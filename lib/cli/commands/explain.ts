import type { Command } from 'commander';
import { action } from '../action';
import type { ExplainRolloutOptions } from '../actions/explain-rollout';
import { requireSubcommand } from '../command-group';
import { catalogOption, jsonOption } from '../options';

interface CatalogOptions {
  readonly catalog: string;
  readonly json: boolean;
}

interface PolicyOptions extends CatalogOptions {
  readonly pullRequests?: string;
}

const pullRequestsFlag = '--pull-requests <arn>';
const pullRequestsHelp = 'connection for pull request builds, if the platform builds pull requests';

const exitCodesOfExplain = 'Exit codes: 0 printed, 3 bad configuration or input.';
const usage = 'use: bowline explain service <name> | rollout <service> | permissions | deployment | boundary';

/** `bowline explain service|rollout|permissions|deployment|boundary` */
export function registerExplain(program: Command): void {
  const explain = program
    .command('explain')
    .summary('explain a service, its rollout, or the permissions on AWS')
    .description('Prints decisions with their reasons. Changes nothing and needs no credentials.');
  explain
    .command('service <name>')
    .summary('how the image of a service is built, and why')
    .description(`Prints each decision about the image of a service, with its reason.\n\n${exitCodesOfExplain}`)
    .addOption(catalogOption())
    .option('--source <directory>', 'checkout of the source, for decisions that depend on it (vendor folder, embeds)')
    .addOption(jsonOption())
    .action(
      action(async (options: CatalogOptions & { readonly source?: string }, name = '') => {
        const { runExplainService } = await import('../actions/explain-service');
        await runExplainService(name, options);
      }),
    );
  explain
    .command('rollout <service>')
    .summary('how a release reaches users, and how long a bad release can affect them')
    .description(
      'Prints the canary steps of a service in an environment, and for each kind of fault the computed rollback time with its formula.\n\nExit codes: 0 the plan has no problems, 3 the plan has problems: over budget, too few requests, or too likely to err.',
    )
    .addOption(catalogOption())
    .option('--env <environment>', 'environment (default: the last one of the catalog)')
    .option('--svg <file>', 'write the timeline as a picture')
    .addOption(jsonOption())
    .action(
      action(async (options: ExplainRolloutOptions, service = '') => {
        const { runExplainRollout } = await import('../actions/explain-rollout');
        runExplainRollout(service, options);
      }),
    );
  explain
    .command('permissions')
    .summary('every IAM role with its permissions and their reasons')
    .description(
      `Prints every IAM role of the platform with its permissions, and the reason for each wildcard.\n\n${exitCodesOfExplain}`,
    )
    .addOption(catalogOption())
    .option(pullRequestsFlag, pullRequestsHelp)
    .option(
      '--assembly <directory>',
      'read the roles from the templates that "cdk synth" wrote, including the roles of custom strategies',
    )
    .addOption(jsonOption())
    .action(
      action(async (options: PolicyOptions & { readonly assembly?: string }) => {
        const { runExplainPermissions } = await import('../actions/explain-permissions');
        runExplainPermissions(options);
      }),
    );
  explain
    .command('deployment')
    .summary('the IAM policies that CloudFormation needs to deploy, in place of administrator access')
    .description(
      `Prints the IAM policies that CloudFormation needs to deploy the platform, in place of administrator access, and the commands that create them. They are several, because IAM limits the length of one.\n\n${exitCodesOfExplain}`,
    )
    .addOption(catalogOption())
    .option(pullRequestsFlag, pullRequestsHelp)
    .option('--out <directory>', 'write each policy to <name>.json in this folder')
    .addOption(jsonOption())
    .action(
      action(async (options: PolicyOptions & { readonly out?: string }) => {
        const { runExplainDeployment } = await import('../actions/explain-permissions');
        runExplainDeployment(options);
      }),
    );
  explain
    .command('boundary')
    .summary('the permissions boundary for every role that Bowline creates')
    .description(
      `Prints the permissions boundary for every role that Bowline creates, as a policy document.\n\n${exitCodesOfExplain}`,
    )
    .addOption(catalogOption())
    .option(pullRequestsFlag, pullRequestsHelp)
    .addOption(jsonOption())
    .action(
      action(async (options: PolicyOptions) => {
        const { runExplainBoundary } = await import('../actions/explain-permissions');
        runExplainBoundary(options);
      }),
    );
  requireSubcommand(explain, usage, (word) =>
    word === undefined
      ? 'bowline explain needs a subject'
      : `bowline explain needs a subject: bowline explain service ${word}, or bowline explain rollout ${word}`,
  );
}

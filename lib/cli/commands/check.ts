import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { action } from '../action';
import type { CheckManifestsOptions } from '../actions/check-manifests';
import { requireSubcommand } from '../command-group';
import { catalogOption, jsonOption } from '../options';

const usage = 'use: bowline check catalog | bowline check manifests <path>';

/** `bowline check catalog` and `bowline check manifests` */
export function registerCheck(program: Command): void {
  const check = program
    .command('check')
    .summary('check the catalog, or the manifests in a folder')
    .description('Reports every error at once, each with file, line and column.');
  check
    .command('catalog')
    .summary('report every error in the catalog')
    .description(
      'Checks all files of the catalog and reports every error with file, line, column, the value found and the value expected. Then computes the rollout of every service in every environment and reports those that exceed their rollback budget.\n\nExit codes: 0 no errors, 3 errors.',
    )
    .addOption(catalogOption())
    .addOption(jsonOption())
    .action(
      action(async (options: { readonly catalog: string; readonly json: boolean }) => {
        const { runCheckCatalog } = await import('../actions/check-catalog');
        runCheckCatalog(options.catalog, options.json);
      }),
    );
  check
    .command('manifests <path>')
    .summary('check Flagger, Argo CD and Prometheus manifests against the rules of progressive delivery')
    .description(
      'Checks a YAML file, or every YAML file below a folder, against the rules of progressive delivery.\n\nExit codes: 0 no errors, 1 a file cannot be parsed, 2 a rule reports an error, 3 no such file or folder, or no YAML file.',
    )
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0')
    .addOption(jsonOption())
    .action(
      action(async (options: CheckManifestsOptions, path = '') => {
        const { runCheckManifests } = await import('../actions/check-manifests');
        runCheckManifests(path, options);
      }),
    );
  requireSubcommand(check, usage, (word) => {
    if (word === undefined) {
      return 'bowline check needs a subject: to check the catalog, run bowline check catalog';
    }
    return existsSync(word)
      ? `unknown command '${word}': did you mean bowline check manifests ${word}?`
      : `unknown command '${word}'`;
  });
}

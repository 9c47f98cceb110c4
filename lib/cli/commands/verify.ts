import { type Command, Option } from 'commander';
import { action } from '../action';
import type { VerifyOptions } from '../actions/verify';
import { builderOption, jsonOption, keysOption, variableOption } from '../options';

/** `bowline verify` */
export function registerVerify(program: Command): void {
  program
    .command('verify <image>')
    .summary('verify an image by its evidence in the registry')
    .description(
      'Verifies an image, registry/repository@sha256:…, by its evidence in the registry: signature, SBOMs, verdict and provenance, with the checks of the promote step. It needs only the registry and a public key. With a catalog it also judges the repository, the source, the ages and the findings by what the catalog says today.',
    )
    .addOption(
      variableOption(
        '--catalog <directory>',
        'BOWLINE_CATALOG',
        'folder of platform.yaml and services/ (default: none)',
      ),
    )
    .addOption(
      variableOption(
        '--environment <name>',
        'BOWLINE_ENVIRONMENT',
        'environment of the catalog whose class must have signed',
      ),
    )
    .addOption(
      variableOption('--class <name>', 'BOWLINE_CLASS', 'environment class that must have signed, without a catalog'),
    )
    .addOption(keysOption())
    .addOption(new Option('--key <file>', 'file of public keys, instead of --keys'))
    .addOption(
      variableOption(
        '--signatures <repository>',
        'BOWLINE_SIGNATURES',
        'repository of signatures and attestations (default: that of the service)',
      ),
    )
    .addOption(
      variableOption(
        '--vulnerability-database <origin>',
        'BOWLINE_VULNERABILITY_DATABASE',
        'vulnerability database that the verdict must be based on',
      )
        .choices(['feed', 'fixture'])
        .default('feed'),
    )
    .addOption(builderOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  bowline verify 123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/hello@sha256:… --catalog catalog --environment prod
  bowline verify registry.example.com/acme/hello@sha256:… --key production.pub --class production --json

Exit codes: 0 verified, 1 inconclusive (the registry does not answer), 2 not verified, 3 bad input such as a tag, 64 usage.`,
    )
    .action(
      action(async (options: VerifyOptions, image = '') => {
        const { verifyCommand } = await import('../actions/verify');
        await verifyCommand(image, options);
      }),
    );
}

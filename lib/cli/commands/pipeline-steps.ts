import type { Command } from 'commander';
import { catalogOption, given, jsonOption } from '../catalog-option';
import { action, InputError } from '../fail';
import type { StepOptions } from './step-options';

const json = (...words: readonly unknown[]) => (words.at(-2) as StepOptions).json;

function verb(program: Command, name: string, summary: string): Command {
  return program
    .command(`${name} [service]`)
    .summary(summary)
    .description(summary)
    .addOption(catalogOption())
    .addOption(given('--out <directory>', 'BOWLINE_OUT', 'folder for the record and its files').default('release'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExit codes: 0 passed, 1 the result can not be relied on, 2 the gate says no, 3 bad configuration or input, 64 usage.',
    );
}

const record = (command: Command) =>
  command
    .addOption(given('--release <directory>', 'BOWLINE_RELEASE', 'folder that the verb before wrote'))
    .addOption(
      given('--record-sha256 <digest>', 'BOWLINE_RECORD_SHA256', 'sha256 of the record that the verb before wrote'),
    );

const source = (command: Command) =>
  command.addOption(
    given('--source <directory>', 'BOWLINE_SOURCE', "checkout of the service's repository").default('.'),
  );

const binaries = (command: Command) =>
  command.addOption(
    given('--binaries <bucket>', 'BOWLINE_BINARIES', 'bucket of plain binaries, if the service has any'),
  );

const signatures = (command: Command) =>
  command.addOption(
    given('--signatures <repository>', 'BOWLINE_SIGNATURES', 'repository that holds signatures and attestations'),
  );

const database = (command: Command, description: string) =>
  command.addOption(
    given('--vulnerability-database <origin>', 'BOWLINE_VULNERABILITY_DATABASE', description)
      .choices(['feed', 'stand-in'])
      .default('feed'),
  );

/** What a verb does, loaded when it is asked for. */
const runs = (verb: 'runBuild' | 'runScan' | 'runSign' | 'runPromote') =>
  action(json, async (name: string | undefined, options: StepOptions) => {
    const verbs = await import('../actions/pipeline-steps');
    await verbs[verb](serviceOf(name), options);
  });

/** The verbs of the road, as the pipeline and people call them. */
export function registerPipelineSteps(program: Command): void {
  binaries(source(verb(program, 'build', 'build and push the image of a commit, by digest')))
    .addOption(given('--commit <sha>', 'BOWLINE_COMMIT', 'the commit of the checkout'))
    .addOption(given('--repository <name>', 'BOWLINE_REPOSITORY', 'image repository to push to'))
    .addOption(given('--cache-repository <name>', 'BOWLINE_CACHE_REPOSITORY', 'repository of the layer cache'))
    .addOption(
      given('--buildkit <address>', 'BUILDKIT_HOST', 'address of a BuildKit daemon (else: one for this build)'),
    )
    .addOption(
      given('--host-network <0|1>', 'BOWLINE_HOST_NETWORK', "download by the machine's own network (local run)"),
    )
    .action(runs('runBuild'));
  record(
    source(
      database(
        verb(program, 'scan', 'SBOM, vulnerabilities and the verdict over an image'),
        'feed, or stand-in: the small one of this project',
      ),
    ),
  ).action(runs('runScan'));
  binaries(signatures(record(verb(program, 'sign', 'sign an image by digest, attest SBOMs and verdict'))))
    .addOption(given('--class <name>', 'BOWLINE_CLASS', 'class of environments whose key signs'))
    .addOption(given('--key <reference>', 'BOWLINE_KEY', 'cosign key, such as awskms:///alias/acme-production'))
    .action(runs('runSign'));
  signatures(
    record(
      database(
        verb(program, 'promote', 'verify the evidence and write the ledger'),
        'what the verdict has to rest on: feed, or stand-in for a trial',
      ),
    ),
  )
    .addOption(given('--environment <name>', 'BOWLINE_ENVIRONMENT', 'environment to promote into'))
    .addOption(
      given('--keys <directory>', 'BOWLINE_KEYS', "public keys, <class>.pub (default: the catalog's keys folder)"),
    )
    .addOption(given('--ledger <repository>', 'BOWLINE_LEDGER', 'git repository of the ledger'))
    .addOption(given('--ledger-branch <name>', 'BOWLINE_LEDGER_BRANCH', 'its branch'))
    .action(runs('runPromote'));
}

function serviceOf(name: string | undefined): string {
  const service = name ?? process.env.BOWLINE_SERVICE;
  if (service === undefined || service === '') {
    throw new InputError('say which service: bowline <verb> <service>, or BOWLINE_SERVICE');
  }
  return service;
}

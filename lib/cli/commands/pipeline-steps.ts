import { type Command, Option } from 'commander';
import { badInput } from '../../errors';
import { action } from '../action';
import type { StepOptions } from '../actions/steps/step-options';
import { builderOption, catalogOption, gateExitCodes, jsonOption, keysOption, variableOption } from '../options';

const out = () =>
  variableOption('--out <directory>', 'BOWLINE_OUT', 'folder for the release record and its files').default('release');

const recordOptions = (): readonly Option[] => [
  variableOption('--release <directory>', 'BOWLINE_RELEASE', 'folder that the previous step wrote'),
  variableOption(
    '--record-sha256 <digest>',
    'BOWLINE_RECORD_SHA256',
    'sha256 of the record that the previous step wrote',
  ),
];

const sourceOption = () =>
  variableOption('--source <directory>', 'BOWLINE_SOURCE', "checkout of the service's repository").default('.');

const binariesOption = () =>
  variableOption('--binaries <bucket>', 'BOWLINE_BINARIES', 'bucket of the plain binaries, if the service has any');

const commitOption = () =>
  variableOption('--commit <sha>', 'BOWLINE_COMMIT', 'commit that the record must name (default: any)');

const signaturesOption = () =>
  variableOption('--signatures <repository>', 'BOWLINE_SIGNATURES', 'repository of signatures and attestations');

const databaseOption = (description: string) =>
  variableOption('--vulnerability-database <origin>', 'BOWLINE_VULNERABILITY_DATABASE', description)
    .choices(['feed', 'fixture'])
    .default('feed');

const moduleCredentialOption = () =>
  variableOption(
    '--module-credential <source>',
    'BOWLINE_MODULE_CREDENTIAL',
    "credential for private modules: secret (of build.modules), machine (the user's own, in a local run) or none",
  )
    .choices(['secret', 'machine', 'none'])
    .default('secret');

/** One step: its options, and the function in actions/steps that runs it. */
interface StepDescription {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(name: string, options: StepOptions) => Promise<void>>;
  readonly options: () => readonly Option[];
}

const steps: readonly StepDescription[] = [
  {
    name: 'build',
    summary: 'build the image of a commit and push it by digest',
    load: async () => (await import('../actions/steps/build')).runBuild,
    options: () => [
      sourceOption(),
      binariesOption(),
      variableOption('--commit <sha>', 'BOWLINE_COMMIT', 'commit of the checkout'),
      variableOption('--ref <name>', 'BOWLINE_REF', 'branch of the commit, such as refs/heads/main'),
      variableOption('--repository <name>', 'BOWLINE_REPOSITORY', 'image repository to push to'),
      variableOption('--cache-repository <name>', 'BOWLINE_CACHE_REPOSITORY', 'repository of the layer cache'),
      variableOption(
        '--buildkit <address>',
        'BUILDKIT_HOST',
        'address of a BuildKit daemon (default: one for this build)',
      ),
      variableOption(
        '--host-network <0|1>',
        'BOWLINE_HOST_NETWORK',
        "use the machine's network for downloads (local run)",
      ),
      moduleCredentialOption(),
    ],
  },
  {
    name: 'scan',
    summary: 'create the SBOM, scan an image and decide the verdict',
    load: async () => (await import('../actions/steps/scan')).runScan,
    options: () => [
      databaseOption("vulnerability database: feed, or fixture (Bowline's small database for the demo and tests)"),
      sourceOption(),
      ...recordOptions(),
      commitOption(),
      variableOption(
        '--ref <name>',
        'BOWLINE_REF',
        "branch that the record must name, such as refs/heads/main (default: the catalog's)",
      ),
      variableOption(
        '--repository <name>',
        'BOWLINE_REPOSITORY',
        "repository that the image must be in (default: the service's own)",
      ),
      moduleCredentialOption(),
      signaturesOption(),
      keysOption(),
      builderOption(),
      new Option('--no-reuse', 'scan an image again that has signed evidence of the same scan'),
    ],
  },
  {
    name: 'sign',
    summary: 'sign an image by digest and attest its SBOMs, verdict and provenance',
    load: async () => (await import('../actions/steps/sign')).runSign,
    options: () => [
      ...recordOptions(),
      commitOption(),
      signaturesOption(),
      binariesOption(),
      variableOption('--class <name>', 'BOWLINE_CLASS', 'environment class whose key signs'),
      variableOption('--key <reference>', 'BOWLINE_KEY', 'cosign key, such as awskms:///alias/acme-production'),
      variableOption('--execution <id>', 'BOWLINE_EXECUTION', 'execution of the pipeline, for the provenance'),
      variableOption('--bundle-sha256 <hash>', 'BOWLINE_BUNDLE_SHA256', 'hash of the program, for the provenance'),
      variableOption('--catalog-sha256 <hash>', 'BOWLINE_CATALOG_SHA256', 'hash of the catalog, for the provenance'),
    ],
  },
  {
    name: 'promote',
    summary: 'verify the evidence and write the release into the ledger',
    load: async () => (await import('../actions/steps/promote')).runPromote,
    options: () => [
      databaseOption(
        'vulnerability database that the verdict must be based on: feed, or fixture (for the demo and tests)',
      ),
      ...recordOptions(),
      commitOption(),
      signaturesOption(),
      builderOption(),
      variableOption('--environment <name>', 'BOWLINE_ENVIRONMENT', 'environment to promote into'),
      keysOption(),
      variableOption('--ledger <repository>', 'BOWLINE_LEDGER', 'git repository of the ledger'),
      variableOption('--ledger-branch <name>', 'BOWLINE_LEDGER_BRANCH', 'branch of the ledger'),
    ],
  },
];

/** `bowline build|scan|sign|promote`: the steps that a pipeline runs, and that a person can run. */
export function registerPipelineSteps(program: Command): void {
  for (const { name, summary, load, options } of steps) {
    const command = program.command(`${name} [service]`).summary(summary).description(describe(summary));
    for (const option of [catalogOption(), out(), jsonOption(), ...options()]) {
      command.addOption(option);
    }
    command.addHelpText('after', `\n${gateExitCodes}`).action(
      action(async (given: StepOptions, service?: string) => {
        const run = await load();
        await run(requiredService(name, service), given);
      }),
    );
  }
}

/** The description of a step: its summary as a sentence, and where the service can come from. */
function describe(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}. BOWLINE_SERVICE names the service if the argument is missing.`;
}

function requiredService(step: string, name: string | undefined): string {
  const service = name ?? process.env.BOWLINE_SERVICE;
  if (service === undefined || service === '') {
    throw badInput('input', `name the service: bowline ${step} <service>, or set BOWLINE_SERVICE`);
  }
  return service;
}

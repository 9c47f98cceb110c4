import type { PipelineStep } from '../names';
import {
  type BuildCommand,
  type BuildCommands,
  type CommandArgument,
  releaseDirectory,
  variable,
  workDirectory,
} from './buildspec';

/** Variables of every action that runs a step: the hashes of command line and catalog that the pipeline was deployed with. */
const bundleHashVariable = 'BOWLINE_BUNDLE_SHA256';
const catalogHashVariable = 'BOWLINE_CATALOG_SHA256';

/** The variables of an action that runs a step, with their values. */
export function bundleHashes(bundle: { readonly hash: string; readonly catalogHash: string }) {
  return { [bundleHashVariable]: bundle.hash, [catalogHashVariable]: bundle.catalogHash };
}

/** Variable with the folder of the catalog. */
const catalogFolder = 'CODEBUILD_SRC_DIR_Catalog';

/** Commands of each pipeline step. The primary input is the source for build and scan, and the previous step's record for sign and promote. */
export const stepCommands = {
  build: step('build', ['--source', variable('CODEBUILD_SRC_DIR')], ['START', 'TESTS']),
  scan: step(
    'scan',
    ['--source', variable('CODEBUILD_SRC_DIR'), '--release', variable('CODEBUILD_SRC_DIR_Built')],
    ['VERDICT'],
  ),
  sign: step('sign', ['--release', variable('CODEBUILD_SRC_DIR')]),
  promote: step('promote', ['--release', variable('CODEBUILD_SRC_DIR')], ['LEDGER_COMMIT', 'CHANGED']),
} as const satisfies Readonly<Record<PipelineStep, BuildCommands>>;

/** Commands of a pull request build: the build and scan steps of a release in one job, without an artifact. */
export const pullRequestCommands: BuildCommands = {
  commands: [
    removeWorkDirectory(),
    ...verifyBundle(),
    bowline('build', [
      '--source',
      variable('CODEBUILD_SRC_DIR'),
      '--commit',
      variable('CODEBUILD_RESOLVED_SOURCE_VERSION'),
    ]),
    { loadExport: 'RECORD_SHA256' },
    bowline(
      'scan',
      [
        '--source',
        variable('CODEBUILD_SRC_DIR'),
        '--release',
        releaseDirectory,
        '--record-sha256',
        variable('RECORD_SHA256'),
      ],
      `${workDirectory}/scanned`,
    ),
  ],
  exports: [],
};

/** Commands of the two jobs that judge every day what runs. The bundle is the input of the first one. */
export const rescanCommands = {
  list: {
    commands: [
      removeWorkDirectory(),
      { verifyFolder: { folder: 'CODEBUILD_SRC_DIR', sha256: bundleHashVariable } },
      verifyCatalog(),
      {
        run: [
          'node',
          variable('CODEBUILD_SRC_DIR', 'bowline.mjs'),
          'releases',
          '--catalog',
          variable(catalogFolder),
          '--out',
          releaseDirectory,
        ],
      },
    ],
    exports: ['RUNNING_SHA256'],
    output: releaseDirectory,
  },
  rescan: {
    commands: [
      ...verifyBundle(),
      {
        run: [
          'node',
          variable('CODEBUILD_SRC_DIR_Bowline', 'bowline.mjs'),
          'rescan',
          '--catalog',
          variable(catalogFolder),
          '--running',
          variable('CODEBUILD_SRC_DIR'),
        ],
      },
    ],
    exports: [],
  },
} as const satisfies Readonly<Record<string, BuildCommands>>;

function step(name: PipelineStep, options: readonly CommandArgument[], exports: readonly string[] = []): BuildCommands {
  return {
    commands: [removeWorkDirectory(), ...verifyBundle(), bowline(name, options)],
    exports: ['RECORD_SHA256', 'IMAGE_REPOSITORY', 'IMAGE_DIGEST', 'PLATFORMS', ...exports],
    output: releaseDirectory,
  };
}

/** A source could contain a folder or a symbolic link of this name. */
function removeWorkDirectory(): BuildCommand {
  return { run: ['rm', '-rf', '--', workDirectory] };
}

/**
 * The artifact bucket keeps program, catalog and public keys while an approval waits, and the asset bucket before. Whoever can write there would
 * otherwise decide what sign and promote do.
 */
function verifyBundle(): readonly BuildCommand[] {
  return [{ verifyFolder: { folder: 'CODEBUILD_SRC_DIR_Bowline', sha256: bundleHashVariable } }, verifyCatalog()];
}

function verifyCatalog(): BuildCommand {
  return { verifyFolder: { folder: catalogFolder, sha256: catalogHashVariable } };
}

/**
 * `node "$CODEBUILD_SRC_DIR_Bowline/bowline.mjs" <step> …`. Names of services, commits and repositories reach the step through environment variables;
 * they are never part of the command text.
 */
function bowline(name: PipelineStep, options: readonly CommandArgument[], out = releaseDirectory): BuildCommand {
  return {
    run: [
      'node',
      variable('CODEBUILD_SRC_DIR_Bowline', 'bowline.mjs'),
      name,
      '--catalog',
      variable(catalogFolder),
      '--out',
      out,
      ...options,
    ],
  };
}

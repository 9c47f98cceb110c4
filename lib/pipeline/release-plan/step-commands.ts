import { releaseDirectory, type Step, type Steps, variable, type Word, workDirectory } from './buildspec';

const common = ['RECORD_SHA256', 'IMAGE_REPOSITORY', 'IMAGE_DIGEST', 'PLATFORMS'] as const;

/** A source could bring such a folder, or a link to another place. */
const clean: Step = { run: ['rm', '-rf', '--', workDirectory] };

/** `node "$CODEBUILD_SRC_DIR_Bowline/bowline.mjs" <verb> …`: services, commits and names come by environment variables, never in the text. */
function bowline(verb: string, words: readonly Word[], out = releaseDirectory): Step {
  return {
    run: [
      'node',
      variable('CODEBUILD_SRC_DIR_Bowline', 'bowline.mjs'),
      verb,
      '--catalog',
      variable('CODEBUILD_SRC_DIR_Bowline', 'catalog'),
      '--out',
      out,
      ...words,
    ],
  };
}

function verb(name: string, words: readonly Word[], exports: readonly string[] = []): Steps {
  return { steps: [clean, bowline(name, words)], exports: [...common, ...exports], output: releaseDirectory };
}

/** What each project of a release runs. Primary inputs: Source for build and scan, the record of the verb before for the others. */
export const stepCommands = {
  build: verb('build', ['--source', variable('CODEBUILD_SRC_DIR')]),
  scan: verb(
    'scan',
    ['--source', variable('CODEBUILD_SRC_DIR'), '--release', variable('CODEBUILD_SRC_DIR_Built')],
    ['VERDICT'],
  ),
  sign: verb('sign', ['--release', variable('CODEBUILD_SRC_DIR')]),
  promote: verb('promote', ['--release', variable('CODEBUILD_SRC_DIR')], ['LEDGER_COMMIT', 'CHANGED']),
} as const;

/** What a pull request gets: the build and the scan of a release, in one job, and nothing that is handed on. */
export const pullRequestCommands: Steps = {
  steps: [
    clean,
    bowline('build', [
      '--source',
      variable('CODEBUILD_SRC_DIR'),
      '--commit',
      variable('CODEBUILD_RESOLVED_SOURCE_VERSION'),
    ]),
    { read: 'RECORD_SHA256' },
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

import { releaseDirectory, type Steps, variable, type Word, workDirectory } from './buildspec';

const common = ['RECORD_SHA256', 'IMAGE_REPOSITORY', 'IMAGE_DIGEST', 'PLATFORMS'] as const;

/** `node "$CODEBUILD_SRC_DIR_Bowline/bowline.mjs" <verb> …`: services, commits and names come by environment variables, never in the text. */
function bowline(verb: string, words: readonly Word[], exports: readonly string[] = []): Steps {
  return {
    argv: [
      // A source could bring such a folder, or a link to another place.
      ['rm', '-rf', '--', workDirectory],
      [
        'node',
        variable('CODEBUILD_SRC_DIR_Bowline', 'bowline.mjs'),
        verb,
        '--catalog',
        variable('CODEBUILD_SRC_DIR_Bowline', 'catalog'),
        '--out',
        releaseDirectory,
        ...words,
      ],
    ],
    exports: [...common, ...exports],
    output: releaseDirectory,
  };
}

/** What each project runs. Primary inputs: Source for build and scan, the record of the verb before for the others. */
export const verbSteps = {
  build: bowline('build', ['--source', variable('CODEBUILD_SRC_DIR')]),
  scan: bowline(
    'scan',
    ['--source', variable('CODEBUILD_SRC_DIR'), '--release', variable('CODEBUILD_SRC_DIR_Built')],
    ['VERDICT'],
  ),
  sign: bowline('sign', ['--release', variable('CODEBUILD_SRC_DIR')]),
  promote: bowline('promote', ['--release', variable('CODEBUILD_SRC_DIR')], ['LEDGER_COMMIT', 'CHANGED']),
} as const;

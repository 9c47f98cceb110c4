import { BowlineError, exitCodes } from '../../lib/errors';

/** Manifests that fail validation, with one sentence per problem. */
export class ManifestError extends BowlineError {
  override readonly name = 'ManifestError';

  constructor(readonly problems: readonly string[]) {
    super(
      'manifests',
      `the manifests are not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      exitCodes.badInput,
    );
  }
}

import { BowlineError, exitCodes } from '../../lib/errors';

/** Manifests that would not do what they are for: a sentence for each thing that a validation has found. */
export class ManifestError extends BowlineError {
  override readonly name = 'ManifestError';

  constructor(readonly problems: readonly string[]) {
    super(
      'manifests',
      `these manifests would not do what they are for:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      exitCodes.badInput,
    );
  }
}

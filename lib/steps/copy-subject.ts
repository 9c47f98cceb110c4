import { inconclusive } from '../errors';
import { ProgramError } from '../process';
import type { Release } from '../release';
import { type ImageRepository, imageReference } from '../values';
import { copyImage } from './clients/registry';

/**
 * Copies an image to where its evidence is written. Evidence names its image by digest as its subject, and a registry may refuse a subject that is
 * not in the same repository (https://github.com/aws/containers-roadmap/issues/2783, https://github.com/moby/buildkit/issues/7007).
 * @throws BowlineError `evidence-not-written` (exit 1)
 */
export async function copySubject(
  { repository, digest }: Pick<Release['image'], 'repository' | 'digest'>,
  signatures: ImageRepository,
): Promise<void> {
  const subject = imageReference(repository, digest);
  try {
    await copyImage(subject, signatures);
  } catch (error) {
    if (!(error instanceof ProgramError)) {
      throw error;
    }
    throw inconclusive(
      'evidence-not-written',
      `${subject} could not be copied to ${signatures}, where its evidence refers to it: ${error.message}`,
    );
  }
}

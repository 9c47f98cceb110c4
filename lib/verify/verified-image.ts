import { badInput } from '../errors';
import { type Digest, type ImageRepository, parseImageReference } from '../values';

/**
 * Parses the image that a person or a program asks about.
 * @throws BowlineError `not-a-digest` (exit 3) for a tag, with or without a digest: someone can move it, and what it says is not verified
 */
export function parseVerifiedImage(text: string): { readonly repository: ImageRepository; readonly digest: Digest } {
  try {
    const image = parseImageReference(text);
    if (`${image.repository}@${image.digest}` === text) {
      return image;
    }
  } catch {
    // The message below says what is expected.
  }
  throw badInput(
    'not-a-digest',
    `${JSON.stringify(text)} is not an image by digest: expected registry/repository@sha256:… without a tag, because a tag can be moved`,
  );
}

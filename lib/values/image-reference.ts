import type { Brand } from './brand';
import { type Digest, digest } from './digest';

/** An image by digest: `registry/repository@sha256:…`. A tag without a digest is not sufficient. */
export type ImageReference = Brand<'ImageReference'>;

/** `registry[:port]/path` without tag and digest. */
export type ImageRepository = Brand<'ImageRepository'>;

const host = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?';
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryGrammar = new RegExp(`^${host}(?:/${component})+$`);

export function isImageRepository(text: string): text is ImageRepository {
  return repositoryGrammar.test(text);
}

/** @throws Error if `text` is not a repository name (grammar of the OCI distribution specification) */
export function imageRepository(text: string): ImageRepository {
  if (!isImageRepository(text)) {
    throw new Error(`an image repository must be "registry/path" in lowercase, got: ${JSON.stringify(text)}`);
  }
  return text;
}

export function imageReference(repository: ImageRepository, image: Digest): ImageReference {
  return `${repository}@${image}` as ImageReference;
}

/**
 * Parses a reference by digest. Drops a tag in addition to the digest (`repo:tag@sha256:…`).
 * @throws Error if the digest is missing or the repository is malformed
 */
export function parseImageReference(text: string): { readonly repository: ImageRepository; readonly digest: Digest } {
  const [name = '', hash, ...rest] = text.split('@');
  if (hash === undefined || rest.length > 0) {
    throw new Error(`an image must be a reference by digest ("repository@sha256:…"), got: ${JSON.stringify(text)}`);
  }
  return { repository: imageRepository(name.replace(/:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, '')), digest: digest(hash) };
}

export function isImageReference(text: string): text is ImageReference {
  try {
    parseImageReference(text);
    return true;
  } catch {
    return false;
  }
}

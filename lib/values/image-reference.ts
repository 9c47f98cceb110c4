import type { Brand } from './brand';
import { type Digest, digest } from './digest';

/** `registry/repository@sha256:…`: an image by digest. A reference by tag alone is not one. */
export type ImageReference = Brand<'ImageReference'>;

/** `registry[:port]/path`, without tag or digest. */
export type ImageRepository = Brand<'ImageRepository'>;

const host = '[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?';
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryGrammar = new RegExp(`^${host}(?:/${component})+$`);

export function isImageRepository(text: string): text is ImageRepository {
  return repositoryGrammar.test(text);
}

/** @throws Error when `text` is no repository name (grammar of the OCI distribution specification). */
export function imageRepository(text: string): ImageRepository {
  if (!isImageRepository(text)) {
    throw new Error(`an image repository must be "registry/path" in lower case, got: ${JSON.stringify(text)}`);
  }
  return text;
}

/** The reference of `image` in `repository`. */
export function imageReference(repository: ImageRepository, image: Digest): ImageReference {
  return `${repository}@${image}` as ImageReference;
}

/**
 * Takes a reference apart. A tag beside the digest (`repo:tag@sha256:…`) is a comment for people and is dropped.
 * @throws Error when there is no digest, or the repository is not well formed.
 */
export function parseImageReference(text: string): { readonly repository: ImageRepository; readonly digest: Digest } {
  const [name = '', hash, ...rest] = text.split('@');
  if (hash === undefined || rest.length > 0) {
    throw new Error(`an image must be named by digest ("repository@sha256:…"), got: ${JSON.stringify(text)}`);
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

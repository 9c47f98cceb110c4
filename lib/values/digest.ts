import { createHash } from 'node:crypto';
import type { Brand } from './brand';

/** `sha256:` and 64 hexadecimal digits: the name of one exact content (OCI image-spec, descriptor digests). */
export type Digest = Brand<'Digest'>;

const grammar = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return grammar.test(text);
}

/** @throws Error when `text` is not a sha256 digest. */
export function digest(text: string): Digest {
  if (!isDigest(text)) {
    throw new Error(`a digest must be "sha256:" and 64 hexadecimal digits, got: ${JSON.stringify(text)}`);
  }
  return text;
}

/** The digest of these very bytes. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}` as Digest;
}

/** The first twelve hexadecimal digits: enough for people to tell releases apart, never used as a name by machines. */
export function shortDigest(value: Digest): string {
  return value.slice('sha256:'.length, 'sha256:'.length + 12);
}

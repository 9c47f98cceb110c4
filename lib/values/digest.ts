import { createHash } from 'node:crypto';
import type { Brand } from './brand';

/** `sha256:` and 64 hexadecimal digits (OCI image-spec, descriptor digests). */
export type Digest = Brand<'Digest'>;

const grammar = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return grammar.test(text);
}

/** @throws Error if `text` is not a sha256 digest */
export function digest(text: string): Digest {
  if (!isDigest(text)) {
    throw new Error(`a digest must be "sha256:" and 64 hexadecimal digits, got: ${JSON.stringify(text)}`);
  }
  return text;
}

export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}` as Digest;
}

/** The 64 hexadecimal digits. */
export function hexOf(value: Digest): string {
  return value.slice('sha256:'.length);
}

/** The first twelve hexadecimal digits, for people. Never used to resolve a digest. */
export function shortDigest(value: Digest): string {
  return hexOf(value).slice(0, 12);
}

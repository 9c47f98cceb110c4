import type { Brand } from './brand';

/** A full git commit hash: 40 hexadecimal digits. */
export type CommitSha = Brand<'CommitSha'>;

/** @throws Error if `text` is not a full commit hash */
export function commitSha(text: string): CommitSha {
  if (!/^[0-9a-f]{40}$/.test(text)) {
    throw new Error(`a commit must be 40 hexadecimal digits, got: ${JSON.stringify(text)}`);
  }
  return text as CommitSha;
}

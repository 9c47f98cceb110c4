import type { Brand } from './brand';

/** The full name of a reference of git, such as `refs/heads/main`. */
export type GitRef = Brand<'GitRef'>;

/** Stricter than git-check-ref-format(1): the name is safe wherever it is printed. */
const grammar = /^refs(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/;

export function isGitRef(text: string): text is GitRef {
  return text.length <= 200 && grammar.test(text) && !text.includes('..') && !/\.(?:lock)?(?:\/|$)/.test(text);
}

/** @throws Error if `text` is not the full name of a reference */
export function gitRef(text: string): GitRef {
  if (!isGitRef(text)) {
    throw new Error(`a ref must be the full name of a branch, such as "refs/heads/main", got: ${JSON.stringify(text)}`);
  }
  return text;
}

export function branchRef(branch: string): GitRef {
  return gitRef(`refs/heads/${branch}`);
}

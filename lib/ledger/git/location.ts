import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { badInput } from '../../errors';

/** Where a ledger is, and how to get at it. */
export interface LedgerLocation {
  /** A local path, `file://`, `http(s)://`, `ssh://` or `user@host:path`. */
  readonly repository: string;
  /** Default `main`. */
  readonly branch?: string;
  /**
   * Folder for clones that are kept between runs, one per repository; processes may share it.
   * Without it a shallow clone lies in a temporary folder until the repository is closed.
   */
  readonly cache?: string;
  /** Who commits. Default `Bowline <bowline@localhost>`. */
  readonly identity?: CommitIdentity;
  /** More git configuration, such as a credential helper or `http.extraHeader`; handed over in the environment, never in a command line. */
  readonly config?: Readonly<Record<string, string>>;
  /** Longest time of one git command that uses the network. Default 120 s. */
  readonly timeoutSeconds?: number;
}

export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

const url = /^(?:https?|ssh|file):\/\/(?!-)[^\s\p{Cc}]+$/u;
const scpLike = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!-|:|\/\/)[^\s\p{Cc}]+$/u;
const branchGrammar = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?$/;

/**
 * The address that git is given. Local paths become absolute; transports that run a command (`ext::`) or that prove nothing (`git://`) are not taken.
 * @throws BowlineError `bad-ledger` when the text is no address of a repository.
 */
export function parseRepositoryAddress(text: string, from = process.cwd()): string {
  if (url.test(text) && !/^ssh:\/\/(?:[^/@]*@)?-/.test(text)) {
    return text;
  }
  if (text !== '' && !text.startsWith('-') && !/\p{Cc}/u.test(text)) {
    const path = resolve(from, text);
    if (existsSync(path)) {
      return path;
    }
    if (scpLike.test(text)) {
      return text;
    }
    if (!text.includes(':')) {
      throw badInput(
        'bad-ledger',
        `there is no ledger at ${path}: create it with "git init --bare", or name another with --ledger`,
      );
    }
  }
  throw badInput(
    'bad-ledger',
    `a ledger must be a local path, file://, http(s)://, ssh:// or user@host:path, got: ${JSON.stringify(removeCredentials(text))}`,
  );
}

/** @throws BowlineError `bad-ledger` when git, or the text for people, could take the name for something else than a branch. */
export function parseBranchName(text: string): string {
  if (text.length > 100 || !branchGrammar.test(text) || /\.\.|\/\/|\/\.|\.\/|\.lock(?:\/|$)|@\{/.test(text)) {
    throw badInput(
      'bad-ledger',
      `a ledger's branch must be a plain branch name such as main, got: ${JSON.stringify(text)}`,
    );
  }
  return text;
}

/** Text fit for logs and errors: whatever stands before the "@" of an address is left out. */
export function removeCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, '$1');
}

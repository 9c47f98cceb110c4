import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { badInput } from '../../errors';

/** The address of a ledger and the settings to access it. */
export interface LedgerLocation {
  /** A local path, `file://`, `http(s)://`, `ssh://` or `user@host:path`. */
  readonly repository: string;
  /** Default `main`. */
  readonly branch?: string;
  /**
   * Folder for clones that are kept between runs, one per repository, with the full history. Processes can share it.
   * Without it, a shallow clone in a temporary folder is used until the repository is closed.
   */
  readonly cache?: string;
  /** Called with a sentence about something that was repaired, such as a damaged clone. */
  readonly onNotice?: (text: string) => void;
  /** The author of commits. Default `Bowline <bowline@localhost>`. */
  readonly identity?: CommitIdentity;
  /**
   * Additional git configuration, such as `http.extraHeader` with a token. Passed in the environment, never on a command line. With it, the
   * credentials of the person who runs the command are not used.
   */
  readonly config?: Readonly<Record<string, string>>;
  /** Timeout of git commands that use the network. Default 120 s. */
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
 * Parses the address of a repository. Local paths become absolute. Transports that run a command (`ext::`) or that are not authenticated
 * (`git://`) are rejected.
 * @throws BowlineError `bad-ledger` if the text is not the address of a repository
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
        `the ledger ${path} does not exist: create it with "git init --bare", or set --ledger to another repository`,
      );
    }
  }
  throw badInput(
    'bad-ledger',
    `a ledger must be a local path, file://, http(s)://, ssh:// or user@host:path, got: ${JSON.stringify(removeCredentials(text))}`,
  );
}

/** @throws BowlineError `bad-ledger` if git or a message could interpret the name as something other than a branch */
export function parseBranchName(text: string): string {
  if (text.length > 100 || !branchGrammar.test(text) || /\.\.|\/\/|\/\.|\.\/|\.lock(?:\/|$)|@\{/.test(text)) {
    throw badInput(
      'bad-ledger',
      `the branch of a ledger must be a plain branch name, such as main, got: ${JSON.stringify(text)}`,
    );
  }
  return text;
}

/** Removes user names and passwords from URLs in a text for logs and errors. */
export function removeCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, '$1');
}

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommitMessage, commitMessageText, oneLine } from './commit-message';
import { GitError, type GitOptions, type GitResult, git, lastLines, runGit } from './git';
import { branchName, type CommitIdentity, type LedgerLocation, repositoryAddress, withoutPassword } from './location';
import type { Snapshot } from './snapshot';

/** How a push ended. `unclear`: the connection broke, and it may have landed or not. */
export type PushOutcome =
  | { readonly kind: 'landed' }
  | { readonly kind: 'conflict'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string };

/** The files of one commit. */
export interface CommitContent {
  readonly files: ReadonlyMap<string, string>;
  readonly deletes: readonly string[];
  readonly message: CommitMessage;
}

/** The ledger's repository refused, or can't be reached; `transient` when another attempt may succeed. */
export class LedgerError extends Error {
  constructor(
    readonly code: 'unreachable' | 'rejected' | 'no-branch' | 'contended',
    message: string,
    readonly transient = false,
  ) {
    super(message);
    this.name = 'LedgerError';
  }
}

/** Connection trouble, in the words of git, curl and ssh. */
const transientWords =
  /could not resolve host|couldn't resolve host|connection (?:reset|refused|timed out|closed)|failed to connect|operation (?:timed out|too slow)|timed out after|early eof|rpc failed|hung up unexpectedly|unexpected disconnect|requested url returned error: (?:5\d\d|429)|temporary failure|network is unreachable|gnutls|ssl_(?:read|connect|error)|kex_exchange_identification|ssh_exchange_identification|expected flush after ref listing/i;

/** The remote moved between our look and our push, in the words of push and receive-pack. */
const conflictWords =
  /non-fast-forward|fetch first|cannot lock ref|failed to update ref|incorrect old value|reference already exists|stale info|needs update|failed to lock/i;

const defaultIdentity: CommitIdentity = { name: 'Bowline', email: 'bowline@localhost' };

/** A ledger's repository: reads one branch, writes commits, and pushes them by fast-forward alone. There is no way to force. */
export class LedgerRepository {
  /** Makes or reuses the clone; nothing is read yet. @throws Error on an address or branch that can't be one. */
  static async open(location: LedgerLocation): Promise<LedgerRepository> {
    const address = repositoryAddress(location.repository);
    const branch = branchName(location.branch ?? 'main');
    const kept = location.cache !== undefined;
    let directory: string;
    if (location.cache === undefined) {
      directory = await mkdtemp(join(tmpdir(), 'bowline-ledger-'));
    } else {
      directory = join(location.cache, `${createHash('sha256').update(address).digest('hex').slice(0, 20)}.git`);
      await mkdir(directory, { recursive: true });
    }
    await git(['init', '--quiet', '--bare', '--template=', '--', directory], { directory });
    return new LedgerRepository(address, branch, directory, kept, location);
  }

  private readonly refs = `refs/bowline/${process.pid}-${randomBytes(6).toString('hex')}`;
  private fetched = false;
  private complete: boolean;
  private commits = 0;

  private constructor(
    private readonly address: string,
    readonly branch: string,
    private readonly directory: string,
    private readonly kept: boolean,
    private readonly location: LedgerLocation,
  ) {
    // A kept clone is shared by processes, and shallow clones can't be deepened by several at once: it is always complete.
    this.complete = kept;
  }

  /** The address without credentials, for people. */
  get shownAddress(): string {
    return withoutPassword(this.address);
  }

  /**
   * Fetches the branch and reads the files below the given paths (a file, or a folder ending in "/").
   * @throws LedgerError
   */
  async read(paths: readonly string[]): Promise<Snapshot> {
    const commit = await this.fetch();
    return { commit, files: commit === undefined ? new Map() : await this.filesAt(commit, paths) };
  }

  /** The texts below some paths at a commit that has been fetched. */
  async filesAt(commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const listing = await this.git(['ls-tree', '-r', '-z', '--full-tree', commit, ...paths]);
    const entries = listing.split('\0').flatMap((line) => {
      // A symbolic link or a submodule is no file of ours; a write puts a file in its place.
      const match = /^100(?:644|755) blob ([0-9a-f]{40,64})\t(.+)$/s.exec(line);
      return match ? [{ blob: match[1] as string, path: match[2] as string }] : [];
    });
    const texts = await this.blobs(entries.map((entry) => entry.blob));
    return new Map(entries.map((entry, index) => [entry.path, texts[index] ?? '']));
  }

  /** Whether `commit` is part of the history of `of`; both fetched. */
  async contains(of: string, commit: string): Promise<boolean> {
    const result = await this.run(['merge-base', '--is-ancestor', commit, of]);
    return result.code === 0;
  }

  /** A git command that only reads what was fetched, with all history. @throws LedgerError */
  async readHistory(args: readonly string[]): Promise<string> {
    if (!this.complete) {
      await this.fetch({ complete: true });
    }
    return this.git(args);
  }

  /** Writes a commit into the clone: one process, and nothing of it is in the ledger yet. */
  async commit(parent: string | undefined, content: CommitContent): Promise<string> {
    const ref = `${this.refs}/commit-${this.commits++}`;
    const identity = this.location.identity ?? defaultIdentity;
    const who = `${identityPart(identity.name)} <${identityPart(identity.email)}> ${Math.floor(Date.now() / 1000)} +0000`;
    const stream = [
      'feature done\n',
      `commit ${ref}\nauthor ${who}\ncommitter ${who}\n`,
      data(commitMessageText(content.message)),
      parent === undefined ? '' : `from ${parent}\n`,
      ...content.deletes.map((path) => `D ${path}\n`),
      ...[...content.files].flatMap(([path, text]) => [`M 100644 inline ${path}\n`, data(text)]),
      'done\n',
    ].join('');
    await this.git(['fast-import', '--quiet', '--done', '--date-format=raw'], { input: stream });
    return (await this.git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])).trim();
  }

  /** Offers a commit as the new tip of the branch. The ledger takes it only if it goes on from its own tip. @throws LedgerError when refused. */
  async push(commit: string): Promise<PushOutcome> {
    let result: GitResult;
    try {
      result = await this.run(
        ['push', '--porcelain', '--no-verify', '--', this.address, `${commit}:refs/heads/${this.branch}`],
        this.network,
      );
    } catch (error) {
      if (error instanceof GitError && error.result.code === 124) {
        return { kind: 'unclear', why: lastLines(error.result.stderr) };
      }
      throw error;
    }
    if (result.code === 0) {
      return { kind: 'landed' };
    }
    const said = `${result.stdout.toString('utf8')}\n${result.stderr}`;
    const rejected = /^!\t[^\t]*\t\[(?:remote )?rejected\] \((.*)\)$/m.exec(said)?.[1];
    if (rejected !== undefined ? conflictWords.test(rejected) : conflictWords.test(result.stderr)) {
      return { kind: 'conflict', why: rejected ?? lastLines(result.stderr, 1) };
    }
    if (rejected === undefined && transientWords.test(result.stderr)) {
      return { kind: 'unclear', why: lastLines(result.stderr) };
    }
    throw new LedgerError(
      'rejected',
      `the ledger ${this.shownAddress} did not take a push to ${this.branch}${rejected === undefined ? '' : ` (${rejected})`}:\n${lastLines(result.stderr)}`,
    );
  }

  /** Takes away what this process left in the clone. */
  async close(): Promise<void> {
    if (!this.kept) {
      await rm(this.directory, { recursive: true, force: true });
      return;
    }
    const refs = (await this.git(['for-each-ref', '--format=delete %(refname)', this.refs])).trim();
    if (refs !== '') {
      await this.run(['update-ref', '--stdin'], { input: `${refs}\n` });
    }
  }

  private async fetch({ complete = false } = {}): Promise<string | undefined> {
    const ref = `${this.refs}/head`;
    const depth = complete && !this.complete ? ['--unshallow'] : this.fetched || this.complete ? [] : ['--depth=1'];
    const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...depth, '--', this.address];
    let result: GitResult;
    try {
      await this.prepareSsh();
      result = await this.run([...args, `+refs/heads/${this.branch}:${ref}`], this.network);
    } catch (error) {
      throw error instanceof GitError ? this.unreachable(error.result.stderr) : error;
    }
    if (result.code !== 0) {
      if (/couldn't find remote ref/i.test(result.stderr)) {
        await this.requireEmpty();
        return undefined;
      }
      if (complete && /--unshallow on a complete repository/i.test(result.stderr)) {
        this.complete = true;
        return this.fetch();
      }
      throw this.unreachable(result.stderr);
    }
    this.fetched = true;
    this.complete ||= complete;
    const commit = (await this.git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])).trim();
    if (this.kept) {
      // The next process begins from here; two that do so at once do no harm.
      await this.run(['update-ref', '--no-deref', 'refs/bowline/last', commit]);
    }
    return commit;
  }

  /** A missing branch is fine in a repository without any; elsewhere it is a wrong name. */
  private async requireEmpty(): Promise<void> {
    const result = await this.run(['ls-remote', '--heads', '--', this.address], this.network);
    if (result.code !== 0) {
      throw this.unreachable(result.stderr);
    }
    const heads = [...result.stdout.toString('utf8').matchAll(/\trefs\/heads\/(.+)$/gm)].map((match) => match[1]);
    if (heads.length > 0) {
      throw new LedgerError(
        'no-branch',
        `the ledger ${this.shownAddress} has no branch ${this.branch}; it has: ${heads.slice(0, 10).join(', ')}. Name the right one with --branch.`,
      );
    }
  }

  private unreachable(stderr: string): LedgerError {
    return new LedgerError(
      'unreachable',
      `the ledger ${this.shownAddress} can't be read:\n${lastLines(stderr)}`,
      transientWords.test(stderr),
    );
  }

  private async blobs(names: readonly string[]): Promise<readonly string[]> {
    if (names.length === 0) {
      return [];
    }
    const { stdout } = await this.run(['cat-file', '--batch'], { input: `${names.join('\n')}\n` });
    const texts: string[] = [];
    for (let at = 0; at < stdout.length; ) {
      const end = stdout.indexOf(10, at);
      const size = Number(/^[0-9a-f]+ blob ([0-9]+)$/.exec(stdout.toString('utf8', at, end))?.[1] ?? Number.NaN);
      if (end < 0 || Number.isNaN(size)) {
        throw new LedgerError(
          'unreachable',
          `git could not read a file of the ledger: ${stdout.toString('utf8', at, end)}`,
        );
      }
      texts.push(stdout.toString('utf8', end + 1, end + 1 + size));
      at = end + 1 + size + 1;
    }
    return texts;
  }

  private sshCommand: string | undefined;

  /** ssh must not ask for anything; a person's own ssh command holds. */
  private async prepareSsh(): Promise<void> {
    if (this.sshCommand !== undefined || process.env.GIT_SSH_COMMAND || process.env.GIT_SSH) {
      return;
    }
    const own = await this.run(['config', '--get', 'core.sshCommand']);
    this.sshCommand = own.code === 0 ? '' : 'ssh -o BatchMode=yes -o ConnectTimeout=20';
  }

  private get network(): Partial<GitOptions> {
    return {
      timeoutSeconds: this.location.timeoutSeconds ?? 120,
      ...(this.sshCommand ? { environment: { GIT_SSH_COMMAND: this.sshCommand } } : {}),
    };
  }

  private run(args: readonly string[], options: Partial<GitOptions> = {}): Promise<GitResult> {
    return runGit(args, { directory: this.directory, config: this.location.config ?? {}, ...options });
  }

  private git(args: readonly string[], options: Partial<GitOptions> = {}): Promise<string> {
    return git(args, { directory: this.directory, config: this.location.config ?? {}, ...options });
  }
}

/** A length-prefixed block of git's fast-import stream (git-fast-import(1), "data"). */
function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function identityPart(text: string): string {
  return oneLine(text.replace(/[<>]/g, ''), 100) || 'bowline';
}

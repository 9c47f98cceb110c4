import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { GitIsolation } from '../../process';
import { LedgerError } from '../ledger-error';
import type { Snapshot } from '../snapshot';
import { ledgerIsolation } from './access';
import { type Clone, createTemporaryClone, removeFolder } from './clone';
import { type CommitContent, fastImportStream } from './fast-import';
import {
  type CommitIdentity,
  type LedgerLocation,
  parseBranchName,
  parseRepositoryAddress,
  removeCredentials,
} from './location';
import { parseObjects } from './parse-objects';
import { isTransient, type PushOutcome, parsePushOutcome } from './push-outcome';
import { GitError, type GitOptions, type GitResult, git, lastLines, runGit } from './run-git';

const defaultIdentity: CommitIdentity = { name: 'Bowline', email: 'bowline@localhost' };

/** The repository of a ledger: reads one branch, creates commits and pushes them by fast-forward. It cannot force a push. */
export class LedgerRepository {
  /**
   * Opens an empty or kept clone, without network access. Default: an empty clone in the temporary folder, which is deleted by {@link close}.
   * @throws BowlineError on an invalid address or branch
   */
  static async open(location: LedgerLocation, clone?: Clone): Promise<LedgerRepository> {
    const address = parseRepositoryAddress(location.repository);
    const branch = parseBranchName(location.branch ?? 'main');
    const used = clone ?? (await createTemporaryClone());
    const isolation = await ledgerIsolation(address, location, join(used.directory, 'trusted-repositories'));
    return new LedgerRepository(address, branch, used, { location, isolation });
  }

  /** The ref namespace of this process, because several processes can share a clone. */
  private readonly refs = `refs/bowline/${process.pid}-${randomBytes(6).toString('hex')}`;
  /** A kept clone is always complete: it is shared, and several processes cannot deepen a shallow clone at the same time. */
  private complete: boolean;
  private fetched = false;
  private commits = 0;

  private constructor(
    private readonly address: string,
    readonly branch: string,
    private readonly clone: Clone,
    private readonly access: { readonly location: LedgerLocation; readonly isolation: GitIsolation },
  ) {
    this.complete = clone.keptAt !== undefined;
  }

  /** The address without credentials, for messages. */
  get displayAddress(): string {
    return removeCredentials(this.address);
  }

  /**
   * Fetches the branch and reads the files at the given paths (files, or folders that end with "/").
   * @throws LedgerError
   */
  async read(paths: readonly string[]): Promise<Snapshot> {
    const commit = await this.fetch();
    return { commit, files: commit === undefined ? new Map() : await this.filesAt(commit, paths) };
  }

  /** Reads the files at the given paths from a fetched commit. */
  async filesAt(commit: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const listing = await this.git(['ls-tree', '-r', '-z', '--full-tree', commit, ...paths]);
    const entries = listing.split('\0').flatMap((line) => {
      // Ignore symbolic links and submodules. A write replaces them with a file.
      const match = /^100(?:644|755) blob ([0-9a-f]{40,64})\t(.+)$/s.exec(line);
      return match ? [{ blob: match[1] as string, path: match[2] as string }] : [];
    });
    const texts = await this.readObjects(entries.map((entry) => entry.blob));
    return new Map(
      entries.map(({ path, blob }, index) => {
        const text = texts[index];
        if (text === undefined) {
          throw this.damaged(`it lacks ${blob} (${path})`);
        }
        return [path, text];
      }),
    );
  }

  /**
   * Reads files of fetched commits. A file that the commit does not have is undefined.
   * @throws LedgerError `damaged-clone` when the clone cannot tell whether the commit has the file
   */
  async readFiles(
    files: readonly { readonly commit: string; readonly path: string }[],
  ): Promise<readonly (string | undefined)[]> {
    const texts = await this.readObjects(files.map(({ commit, path }) => `${commit}:${path}`));
    for (const [index, { commit, path }] of files.entries()) {
      // git cat-file calls a file missing as well if a tree on the way to it is damaged.
      if (texts[index] === undefined && / blob /.test(await this.git(['ls-tree', '--full-tree', commit, path]))) {
        throw this.damaged(`it lacks ${path} of ${commit}`);
      }
    }
    return texts;
  }

  /** Reads objects (`<blob>` or `<commit>:<path>`) with a single git process. Missing objects are undefined. */
  private async readObjects(names: readonly string[]): Promise<readonly (string | undefined)[]> {
    if (names.length === 0) {
      return [];
    }
    const { stdout, stderr } = await this.run(['cat-file', '--batch'], { input: `${names.join('\n')}\n` });
    const texts = parseObjects(stdout);
    if (texts.length !== names.length) {
      throw this.damaged(lastLines(stderr));
    }
    return texts;
  }

  /** Whether `commit` is in the history of `tip`. Both must be fetched. */
  async contains(tip: string, commit: string): Promise<boolean> {
    const result = await this.run(['merge-base', '--is-ancestor', commit, tip]);
    if (result.code > 1 && !/not a valid commit name/i.test(result.stderr)) {
      throw new GitError('merge-base', result);
    }
    return result.code === 0;
  }

  /** Fetches the tip of the branch with its full history. Undefined if the repository is empty. @throws LedgerError */
  async fetchHistory(): Promise<string | undefined> {
    return this.fetch({ complete: true });
  }

  /** Runs `git log --first-parent` for the given paths, newest first. Returns one array of fields per commit. */
  async log(
    head: string,
    fields: readonly string[],
    paths: readonly string[],
  ): Promise<readonly (readonly string[])[]> {
    const format = `--format=tformat:${fields.join('%x1f')}`;
    const text = await this.git(['log', '--first-parent', '-z', '--no-show-signature', format, head, '--', ...paths]);
    return text
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => line.split('\x1f'));
  }

  /**
   * Whether the branch changed one of the files since `commit` was based on it. Fetches the history of both.
   * @param commit the tip of `branch`
   */
  async hasChangedSince(commit: string, branch: string, paths: readonly string[]): Promise<boolean> {
    const head = await this.fetchHistory();
    await this.fetchBranchTip(branch);
    if (head === undefined) {
      return false;
    }
    const base = await this.run(['merge-base', commit, head]);
    if (base.code !== 0) {
      return true;
    }
    const range = `${base.stdout.toString('utf8').trim()}..${head}`;
    return (await this.git(['log', '--format=%H', '--max-count=1', '--full-history', range, '--', ...paths])) !== '';
  }

  /**
   * Creates a commit in the clone, without pushing it.
   * @param follows the tip of another branch that the commit is pushed to
   */
  async commit(parent: string | undefined, content: CommitContent, follows?: string): Promise<string> {
    const ref = `${this.refs}/commit-${this.commits++}`;
    const input = fastImportStream({
      ref,
      parent,
      follows,
      content,
      identity: this.access.location.identity ?? defaultIdentity,
      time: Math.floor(Date.now() / 1000),
    });
    await this.git(['fast-import', '--quiet', '--done', '--date-format=raw'], { input });
    return this.resolveCommit(ref);
  }

  /** Fetches the tip of another branch. Undefined if the branch does not exist. @throws LedgerError */
  async fetchBranchTip(branch: string): Promise<string | undefined> {
    const ref = `${this.refs}/branch`;
    const depth = this.complete ? [] : ['--depth=1'];
    const result = await this.run(
      [
        'fetch',
        '--quiet',
        '--no-tags',
        '--no-write-fetch-head',
        ...depth,
        '--',
        this.address,
        `+refs/heads/${branch}:${ref}`,
      ],
      this.network,
    );
    if (result.code === 0) {
      return this.resolveCommit(ref);
    }
    if (/couldn't find remote ref/i.test(result.stderr)) {
      return undefined;
    }
    throw this.unreachable(result.stderr);
  }

  /** Pushes a commit to the branch, or to another one. The ledger accepts it only if it is a fast-forward. */
  async push(commit: string, branch = this.branch): Promise<PushOutcome> {
    const refspec = `${commit}:refs/heads/${branch}`;
    try {
      return parsePushOutcome(
        await this.run(['push', '--porcelain', '--no-verify', '--', this.address, refspec], this.network),
      );
    } catch (error) {
      if (error instanceof GitError && error.result.code === 124) {
        return { kind: 'unknown', reason: lastLines(error.result.stderr) };
      }
      throw error;
    }
  }

  /** Deletes the temporary clone, or the refs of this process in a kept clone. */
  async close(): Promise<void> {
    if (this.clone.keptAt === undefined) {
      await removeFolder(this.clone.directory);
      return;
    }
    try {
      const { stdout } = await this.run(['for-each-ref', '--format=delete %(refname)', this.refs]);
      if (stdout.length > 0) {
        await this.run(['update-ref', '--stdin'], { input: stdout });
      }
    } catch (error) {
      // Refs that stay behind cost a few bytes. They are no reason to fail.
      if (!(error instanceof GitError)) {
        throw error;
      }
    }
  }

  private async fetch({ complete = false } = {}): Promise<string | undefined> {
    const ref = `${this.refs}/head`;
    const deepen = complete && !this.complete && this.fetched;
    const depth = deepen ? ['--unshallow'] : complete || this.complete || this.fetched ? [] : ['--depth=1'];
    const options = ['--quiet', '--no-tags', '--no-write-fetch-head', ...depth];
    let result: GitResult;
    try {
      result = await this.run(
        ['fetch', ...options, '--', this.address, `+refs/heads/${this.branch}:${ref}`],
        this.network,
      );
    } catch (error) {
      throw error instanceof GitError ? this.unreachable(error.result.stderr) : error;
    }
    if (result.code !== 0) {
      if (/couldn't find remote ref/i.test(result.stderr)) {
        await this.requireEmpty();
        return undefined;
      }
      if (deepen && /--unshallow on a complete repository/i.test(result.stderr)) {
        this.complete = true;
        return this.fetch();
      }
      throw this.unreachable(result.stderr);
    }
    this.fetched = true;
    this.complete ||= complete;
    const commit = await this.resolveCommit(ref);
    if (this.clone.keptAt !== undefined) {
      // Lets the next process fetch incrementally. Concurrent updates are harmless.
      await this.run(['update-ref', '--no-deref', 'refs/bowline/last', commit]);
    }
    return commit;
  }

  /** A missing branch is valid only in a repository without branches. Otherwise its name is wrong. */
  private async requireEmpty(): Promise<void> {
    const result = await this.run(['ls-remote', '--heads', '--', this.address], this.network);
    if (result.code !== 0) {
      throw this.unreachable(result.stderr);
    }
    const heads = [...result.stdout.toString('utf8').matchAll(/\trefs\/heads\/(.+)$/gm)].map((match) => match[1]);
    if (heads.length > 0) {
      throw new LedgerError(
        'no-branch',
        `the ledger ${this.displayAddress} has no branch ${this.branch} (branches: ${heads.slice(0, 10).join(', ')}). Set --branch to one of them.`,
      );
    }
  }

  private unreachable(stderr: string): LedgerError {
    return new LedgerError(
      'unreachable',
      `cannot read the ledger ${this.displayAddress}:\n${lastLines(stderr)}`,
      isTransient(stderr),
    );
  }

  private async resolveCommit(ref: string): Promise<string> {
    return (await this.git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])).trim();
  }

  private damaged(reason: string): LedgerError {
    return new LedgerError('damaged-clone', `the clone of the ledger ${this.displayAddress} is damaged: ${reason}`);
  }

  private get network(): Partial<GitOptions> {
    return { timeoutSeconds: this.access.location.timeoutSeconds ?? 120 };
  }

  private run(args: readonly string[], options: Partial<GitOptions> = {}): Promise<GitResult> {
    return runGit(args, { directory: this.clone.directory, isolation: this.access.isolation, ...options });
  }

  private git(args: readonly string[], options: Partial<GitOptions> = {}): Promise<string> {
    return git(args, { directory: this.clone.directory, isolation: this.access.isolation, ...options });
  }
}

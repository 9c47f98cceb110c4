import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerError } from '../ledger-error';
import type { Snapshot } from '../snapshot';
import { type CommitContent, fastImportStream } from './fast-import';
import { branchName, type CommitIdentity, type LedgerLocation, repositoryAddress, withoutPassword } from './location';
import { isTransient, type PushOutcome, pushOutcome } from './push-outcome';
import { GitError, type GitOptions, type GitResult, git, lastLines, runGit } from './run-git';

const defaultIdentity: CommitIdentity = { name: 'Bowline', email: 'bowline@localhost' };

/** A ledger's repository: reads one branch, writes commits, and offers them by fast-forward push. There is no way to force. */
export class LedgerRepository {
  /** Makes or reuses the clone; nothing is read yet. @throws Error on an address or branch that can't be one. */
  static async open(location: LedgerLocation): Promise<LedgerRepository> {
    const address = repositoryAddress(location.repository);
    const branch = branchName(location.branch ?? 'main');
    const directory =
      location.cache === undefined
        ? await newClone(join(tmpdir(), 'bowline-ledger-'))
        : await keptClone(location.cache, address);
    return new LedgerRepository(address, branch, directory, location);
  }

  /** This process's own corner of a clone that others may use at the same time. */
  private readonly refs = `refs/bowline/${process.pid}-${randomBytes(6).toString('hex')}`;
  /** A kept clone is shared, and shallow clones can't be deepened by several at once: it is always complete. */
  private complete: boolean;
  private fetched = false;
  private commits = 0;
  private sshCommand: string | undefined;

  private constructor(
    private readonly address: string,
    readonly branch: string,
    private readonly directory: string,
    private readonly location: LedgerLocation,
  ) {
    this.complete = location.cache !== undefined;
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
    const texts = await this.texts(entries.map((entry) => entry.blob));
    return new Map(entries.map((entry, index) => [entry.path, texts[index] ?? '']));
  }

  /** The texts of objects (`<blob>` or `<commit>:<path>`) in one process; undefined for what is not there. */
  async texts(names: readonly string[]): Promise<readonly (string | undefined)[]> {
    if (names.length === 0) {
      return [];
    }
    const { stdout, stderr } = await this.run(['cat-file', '--batch'], { input: `${names.join('\n')}\n` });
    const texts: (string | undefined)[] = [];
    for (let at = 0; at < stdout.length; ) {
      const end = stdout.indexOf(10, at);
      const header = stdout.toString('utf8', at, end);
      const size = /^[0-9a-f]+ blob ([0-9]+)$/.exec(header)?.[1];
      if (size === undefined) {
        texts.push(undefined);
        at = end + 1;
        continue;
      }
      texts.push(stdout.toString('utf8', end + 1, end + 1 + Number(size)));
      at = end + 1 + Number(size) + 1;
    }
    if (texts.length !== names.length) {
      throw new LedgerError('unreachable', `git could not read the ledger's files:\n${lastLines(stderr)}`);
    }
    return texts;
  }

  /** Whether `commit` is part of the history of `of`; both fetched. */
  async contains(of: string, commit: string): Promise<boolean> {
    return (await this.run(['merge-base', '--is-ancestor', commit, of])).code === 0;
  }

  /** The commit at the branch's tip, with all its history; undefined in an empty repository. @throws LedgerError */
  async fetchHistory(): Promise<string | undefined> {
    return this.fetch({ complete: true });
  }

  /** `git log` along the branch's own line (first parents) of some paths, newest first: one array of fields a commit. */
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

  /** Writes a commit into the clone, in one process; nothing of it is in the ledger yet. */
  async commit(parent: string | undefined, content: CommitContent): Promise<string> {
    const ref = `${this.refs}/commit-${this.commits++}`;
    const seconds = Math.floor(Date.now() / 1000);
    const input = fastImportStream(ref, parent, content, this.location.identity ?? defaultIdentity, seconds);
    await this.git(['fast-import', '--quiet', '--done', '--date-format=raw'], { input });
    return this.commitAt(ref);
  }

  /** The commit at the tip of another branch, fetched; undefined where there is none. @throws LedgerError */
  async tipOf(branch: string): Promise<string | undefined> {
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
      return this.commitAt(ref);
    }
    if (/couldn't find remote ref/i.test(result.stderr)) {
      return undefined;
    }
    throw this.unreachable(result.stderr);
  }

  /** Offers a commit as the new tip of the branch, or of another one. The ledger takes it only if it goes on from the tip that is there. */
  async push(commit: string, branch = this.branch): Promise<PushOutcome> {
    const refspec = `${commit}:refs/heads/${branch}`;
    try {
      return pushOutcome(
        await this.run(['push', '--porcelain', '--no-verify', '--', this.address, refspec], this.network),
      );
    } catch (error) {
      if (error instanceof GitError && error.result.code === 124) {
        return { kind: 'unclear', why: lastLines(error.result.stderr) };
      }
      throw error;
    }
  }

  /** Takes away what this process left in the clone. */
  async close(): Promise<void> {
    if (this.location.cache === undefined) {
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
    const deepen = complete && !this.complete && this.fetched;
    const depth = deepen ? ['--unshallow'] : complete || this.complete || this.fetched ? [] : ['--depth=1'];
    const options = ['--quiet', '--no-tags', '--no-write-fetch-head', ...depth];
    let result: GitResult;
    try {
      await this.prepareSsh();
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
    const commit = await this.commitAt(ref);
    if (this.location.cache !== undefined) {
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
      isTransient(stderr),
    );
  }

  private async commitAt(ref: string): Promise<string> {
    return (await this.git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])).trim();
  }

  /** ssh must not ask for anything; a person's own ssh command holds. */
  private async prepareSsh(): Promise<void> {
    if (this.sshCommand !== undefined || process.env.GIT_SSH_COMMAND || process.env.GIT_SSH) {
      return;
    }
    const own = await this.run(['config', '--get', 'core.sshCommand']);
    this.sshCommand = own.code === 0 ? '' : 'ssh -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15';
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

async function newClone(prefix: string): Promise<string> {
  const directory = await mkdtemp(prefix);
  await git(['init', '--quiet', '--bare', '--template=', '--', directory], { directory });
  return directory;
}

/** The clone of an address, made aside and moved into place: processes that come at once find a whole one or none. */
async function keptClone(cache: string, address: string): Promise<string> {
  const directory = join(cache, `${createHash('sha256').update(address).digest('hex').slice(0, 20)}.git`);
  if (existsSync(join(directory, 'HEAD'))) {
    return directory;
  }
  await mkdir(cache, { recursive: true });
  const fresh = await newClone(join(cache, 'new-'));
  try {
    await rename(fresh, directory);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(join(directory, 'HEAD'))) {
      throw error;
    }
  }
  return directory;
}

import { spawn } from 'node:child_process';
import { BowlineError, exitCodes } from '../../errors';
import { removeCredentials } from './location';

/** What a git command said. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  /** The repository's folder. */
  readonly directory: string;
  readonly input?: string | Buffer;
  /** The command is ended after this time. Default 60 s. */
  readonly timeoutSeconds?: number;
  /** More configuration, by environment. */
  readonly config?: Readonly<Record<string, string>>;
  /** More environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A git command that failed, timed out or could not be started. */
export class GitError extends BowlineError {
  override readonly name = 'GitError';
  constructor(
    readonly command: string,
    readonly result: Pick<GitResult, 'code' | 'stderr'>,
  ) {
    super('failed', `git ${command} failed (exit ${result.code}): ${lastLines(result.stderr)}`, exitCodes.inconclusive);
  }
}

/** Hooks of this machine, background upkeep, and settings that would make a push more than the one branch that is meant. */
const settings: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'push.followTags': 'false',
  'push.gpgSign': 'false',
  'push.recurseSubmodules': 'no',
  'fetch.recurseSubmodules': 'no',
  'fetch.writeCommitGraph': 'false',
  'http.lowSpeedLimit': '100',
  'http.lowSpeedTime': '30',
};

/** What a git that called us (a hook, an alias) would have ours work on, or sign with. */
const uninheritedVariables =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|GRAFT_FILE|SHALLOW_FILE|QUARANTINE_PATH|CURL_VERBOSE|CONFIG_PARAMETERS|REPLACE_REF_BASE|EXTERNAL_DIFF|PAGER|TRACE.*|(?:AUTHOR|COMMITTER)_.*)$/;

/**
 * Runs git by argv, without a shell, without prompts, in English. The first argument is the command; it answers for any exit code.
 * @throws GitError when it could not be started or took too long.
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const command = args[0] ?? '';
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const timeout = options.timeoutSeconds ?? 60;
  return new Promise((done, fail) => {
    const child = spawn('git', [...flags, ...args], {
      cwd: options.directory,
      env: environment(options),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    let kill: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGTERM');
      kill = setTimeout(() => child.kill('SIGKILL'), 5000);
    }, timeout * 1000);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A command that ends before it has read its input says reason on stderr; the broken pipe adds nothing.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const stderr = error.code === 'ENOENT' ? 'git is not installed (or not on PATH)' : error.message;
      fail(new GitError(command, { code: 127, stderr }));
    });
    child.on('exit', () => {
      clearTimeout(timer);
      clearTimeout(kill);
      if (late) {
        // What git started for the transport may hold the pipes longer; it ends by itself once it notices (`http.lowSpeedTime`).
        child.stdout.destroy();
        child.stderr.destroy();
        const stderr = removeCredentials(Buffer.concat(err).toString('utf8'));
        fail(new GitError(command, { code: 124, stderr: `${stderr}\ntimed out after ${timeout} s` }));
      }
    });
    child.on('close', (code, signal) => {
      const stderr = removeCredentials(Buffer.concat(err).toString('utf8'));
      done({ code: code ?? (signal ? 128 : 1), stdout: Buffer.concat(out), stderr });
    });
  });
}

/** As {@link runGit}. @throws GitError on any exit code but 0. */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const result = await runGit(args, options);
  if (result.code !== 0) {
    throw new GitError(args[0] ?? '', result);
  }
  return result.stdout.toString('utf8');
}

/** The last lines of a tool's complaint: enough to act on, short enough to read. */
export function lastLines(text: string, count = 6): string {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-count).join('\n') || 'it said nothing';
}

function environment(options: GitOptions): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !uninheritedVariables.test(name)));
  const before = Number(inherited.GIT_CONFIG_COUNT ?? '0') || 0;
  const config = Object.entries(options.config ?? {});
  return {
    ...inherited,
    ...(config.length === 0 ? {} : { GIT_CONFIG_COUNT: String(before + config.length) }),
    ...Object.fromEntries(
      config.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${before + index}`, key],
        [`GIT_CONFIG_VALUE_${before + index}`, value],
      ]),
    ),
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
    LC_ALL: 'C',
    ...options.environment,
  };
}

import { spawn } from 'node:child_process';
import { BowlineError, exitCodes } from '../../errors';
import { removeCredentials } from './location';

/** The result of a git command. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitOptions {
  /** The folder of the repository. */
  readonly directory: string;
  readonly input?: string | Buffer;
  /** The command is stopped after this time. Default 60 s. */
  readonly timeoutSeconds?: number;
  /** Additional git configuration, passed in the environment. */
  readonly config?: Readonly<Record<string, string>>;
  /** Additional environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A git command failed, timed out or could not be started. */
export class GitError extends BowlineError {
  override readonly name = 'GitError';
  constructor(
    readonly command: string,
    readonly result: Pick<GitResult, 'code' | 'stderr'>,
  ) {
    super('failed', `git ${command} failed (exit ${result.code}): ${lastLines(result.stderr)}`, exitCodes.inconclusive);
  }
}

/** Disables local hooks, background maintenance, and settings that make a push update more than the given branch. */
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

/** Variables that a calling git process (a hook or an alias) sets and that would redirect our commands or change their identity. */
const uninheritedVariables =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|GRAFT_FILE|SHALLOW_FILE|QUARANTINE_PATH|CURL_VERBOSE|CONFIG_PARAMETERS|REPLACE_REF_BASE|EXTERNAL_DIFF|PAGER|TRACE.*|(?:AUTHOR|COMMITTER)_.*)$/;

/**
 * Runs git without a shell, without prompts and with English messages. The first argument is the command. Resolves for any exit code.
 * @throws GitError if git cannot be started or times out
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const command = args[0] ?? '';
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const timeout = options.timeoutSeconds ?? 60;
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...flags, ...args], {
      cwd: options.directory,
      env: environment(options),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    let killTimer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), 5000);
    }, timeout * 1000);
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A command that exits before it has read its input reports the cause on stderr. The EPIPE error adds nothing.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const stderr = error.code === 'ENOENT' ? 'git is not installed (or not on PATH)' : error.message;
      reject(new GitError(command, { code: 127, stderr }));
    });
    child.on('exit', () => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      if (timedOut) {
        // Transport processes of git may keep the pipes open. They exit on their own (`http.lowSpeedTime`).
        child.stdout.destroy();
        child.stderr.destroy();
        const stderr = removeCredentials(Buffer.concat(err).toString('utf8'));
        reject(new GitError(command, { code: 124, stderr: `${stderr}\ntimed out after ${timeout} s` }));
      }
    });
    child.on('close', (code, signal) => {
      const stderr = removeCredentials(Buffer.concat(err).toString('utf8'));
      resolve({ code: code ?? (signal ? 128 : 1), stdout: Buffer.concat(out), stderr });
    });
  });
}

/** Like {@link runGit}. @throws GitError on a nonzero exit code */
export async function git(args: readonly string[], options: GitOptions): Promise<string> {
  const result = await runGit(args, options);
  if (result.code !== 0) {
    throw new GitError(args[0] ?? '', result);
  }
  return result.stdout.toString('utf8');
}

/** The last lines of an error output. */
export function lastLines(text: string, count = 6): string {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-count).join('\n') || '(no output)';
}

function environment(options: GitOptions): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !uninheritedVariables.test(name)),
  );
  const inheritedCount = Number(inherited.GIT_CONFIG_COUNT ?? '0') || 0;
  const config = Object.entries(options.config ?? {});
  return {
    ...inherited,
    ...(config.length === 0 ? {} : { GIT_CONFIG_COUNT: String(inheritedCount + config.length) }),
    ...Object.fromEntries(
      config.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${inheritedCount + index}`, key],
        [`GIT_CONFIG_VALUE_${inheritedCount + index}`, value],
      ]),
    ),
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
    LC_ALL: 'C',
    ...options.environment,
  };
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { BowlineError, exitCodes } from '../../errors';
import { type GitIsolation, gitEnvironment, gitFlags } from '../../process';
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
  /** What git may see of the host. Default: nothing. */
  readonly isolation?: GitIsolation;
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

/**
 * Runs git without a shell, without prompts, with English messages and with no configuration of the host. The first argument is the command. Resolves for any exit code.
 * @throws GitError if git cannot be started or times out
 */
export function runGit(args: readonly string[], options: GitOptions): Promise<GitResult> {
  const command = args[0] ?? '';
  const timeout = options.timeoutSeconds ?? 60;
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...gitFlags(options.isolation), ...args], {
      cwd: options.directory,
      env: gitEnvironment(options.isolation),
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
      if (error.code === 'ENOENT' && !existsSync(options.directory)) {
        reject(new GitError(command, { code: 128, stderr: `the folder ${options.directory} does not exist` }));
        return;
      }
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

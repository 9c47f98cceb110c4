import { spawn } from 'node:child_process';
import { BowlineError, exitCodes } from '../errors';
import { bindToThisProcess } from './end-with-process';
import { killProcessTree } from './kill-process-tree';

/** A program to run, as an argv without a shell. */
export interface Invocation {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory?: string;
  /** Added to the environment of this process. `undefined` removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether the program gets the environment of this process. @default true */
  readonly inheritsEnvironment?: boolean;
  /** Written to standard input. Without it, standard input is closed. */
  readonly input?: string | Uint8Array;
  /** The program and its descendants are stopped after this time: SIGTERM, then SIGKILL after five seconds. */
  readonly timeoutSeconds: number;
  /** Called for each line of standard error. */
  readonly onProgress?: (line: string) => void;
}

export interface Outcome {
  /** -1 if a signal ended the program or it could not be started. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly seconds: number;
}

/** A failed program. The message contains its name, how it ended and its last lines of output. */
export class ProgramError extends BowlineError {
  override readonly name = 'ProgramError';
  constructor(
    readonly program: string,
    readonly outcome: Outcome,
  ) {
    super('failed', `${program} ${describeEnd(outcome)}${lastLines(outcome)}`, exitCodes.inconclusive);
  }
}

/** Runs a program. A failure, even to start, is an outcome that the caller evaluates. */
export function run(invocation: Invocation): Promise<Outcome> {
  const started = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(invocation.program, invocation.arguments as string[], {
      cwd: invocation.directory,
      env: { ...(invocation.inheritsEnvironment === false ? {} : process.env), ...invocation.environment },
      stdio: [invocation.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: false,
    });
    // An interrupted process leaves no tool running, which could write to a folder that is removed.
    bindToThisProcess(child, { withDescendants: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    let pending = '';
    let killTimer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      killTimer = child.pid === undefined ? undefined : killProcessTree(child.pid);
    }, invocation.timeoutSeconds * 1000);
    const finish = (exitCode: number, errorText = '') => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      resolve({
        exitCode,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8') + errorText,
        timedOut,
        seconds: Number(process.hrtime.bigint() - started) / 1e9,
      });
    };
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      err.push(chunk);
      if (invocation.onProgress) {
        const lines = (pending + chunk.toString('utf8')).split('\n');
        pending = lines.pop() ?? '';
        lines.forEach(invocation.onProgress);
      }
    });
    child.on('error', (error) => finish(-1, `\n${error.message}`));
    child.on('close', (code) => {
      if (pending !== '') {
        invocation.onProgress?.(pending);
      }
      finish(code ?? -1);
    });
    // Ignore EPIPE: a program that exits before it has read its input is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(invocation.input);
  });
}

/** Like {@link run}. @throws ProgramError on a nonzero exit code */
export async function mustRun(invocation: Invocation): Promise<Outcome> {
  const outcome = await run(invocation);
  if (outcome.exitCode !== 0) {
    throw new ProgramError(invocation.program.split('/').pop() ?? invocation.program, outcome);
  }
  return outcome;
}

function describeEnd({ exitCode, timedOut, seconds }: Outcome): string {
  if (timedOut) {
    return `did not finish within ${Math.round(seconds)} s`;
  }
  return exitCode === -1 ? 'could not be started or was killed' : `ended with exit code ${exitCode}`;
}

function lastLines({ stderr, stdout }: Outcome): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n').slice(-12);
  return lines.join('').trim() === '' ? '' : `:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

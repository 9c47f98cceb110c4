import { spawn } from 'node:child_process';
import { BowlineError, exitCodes } from '../errors';
import { endTree } from './end-tree';

/** A program to run: an argv, never a shell string. */
export interface Invocation {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory?: string;
  /** Added to the environment of this process. `undefined` removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Written to its standard input, which is closed otherwise. */
  readonly input?: string | Uint8Array;
  /** Ended after this many seconds, with all that it started: first SIGTERM, five seconds later SIGKILL. */
  readonly timeoutSeconds: number;
  /** Each line of standard error as it comes. */
  readonly onProgress?: (line: string) => void;
}

export interface Outcome {
  /** -1 when the program was ended by a signal or could not be started. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly seconds: number;
}

/** A program that failed; the message names it, how it ended and the last lines it wrote. */
export class ProgramError extends BowlineError {
  override readonly name = 'ProgramError';
  constructor(
    readonly program: string,
    readonly outcome: Outcome,
  ) {
    super('failed', `${program} ${ending(outcome)}${lastLines(outcome)}`, exitCodes.inconclusive);
  }
}

/** Runs a program to its end. Failing to start is an outcome too: the caller decides. */
export function run(invocation: Invocation): Promise<Outcome> {
  const started = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(invocation.program, invocation.arguments as string[], {
      cwd: invocation.directory,
      env: { ...process.env, ...invocation.environment },
      stdio: [invocation.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: false,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    let pending = '';
    let kill: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      kill = child.pid === undefined ? undefined : endTree(child.pid);
    }, invocation.timeoutSeconds * 1000);
    const finish = (exitCode: number, trouble = '') => {
      clearTimeout(timer);
      clearTimeout(kill);
      resolve({
        exitCode,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8') + trouble,
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
    // A program that ends before it has read its input (EPIPE) tells its own story by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(invocation.input);
  });
}

/** As {@link run}, for programs whose only good end is 0. @throws ProgramError otherwise. */
export async function mustRun(invocation: Invocation): Promise<Outcome> {
  const outcome = await run(invocation);
  if (outcome.exitCode !== 0) {
    throw new ProgramError(invocation.program.split('/').pop() ?? invocation.program, outcome);
  }
  return outcome;
}

function ending({ exitCode, timedOut, seconds }: Outcome): string {
  if (timedOut) {
    return `did not finish within ${Math.round(seconds)} s`;
  }
  return exitCode === -1 ? 'could not be run or was killed' : `ended with exit code ${exitCode}`;
}

function lastLines({ stderr, stdout }: Outcome): string {
  const lines = (stderr.trim() || stdout.trim()).split('\n').slice(-12);
  return lines.join('').trim() === '' ? '' : `:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bindToThisProcess, terminate } from '../../process';
import { writePidFile } from './pid-file';
import { isHeldByAnother } from './port-holder';

/** A server that the local run starts and stops. */
export interface ServerDescription {
  /** For messages: "the registry". */
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: string;
  readonly pidFile: string;
  readonly isReady: () => Promise<boolean>;
  /** The port on loopback by which it answers. An answer of another process on it is none. @default it answers elsewhere */
  readonly port?: number;
  readonly deadlineSeconds: number;
  /** Run it in its own PID and mount namespaces, so that its child processes and mounts end with it. @default false */
  readonly isolated?: boolean;
}

export interface RunningServer {
  /** Stops the server and waits until it has ended. */
  stop(): Promise<void>;
}

/**
 * The programs that start a server, where this machine has them. unshare creates PID and mount namespaces, which the kernel removes when the first
 * process in them ends. setpriv makes the kernel end the server when this process ends.
 */
export function wrappers(
  isolated: boolean,
  exists = existsSync,
): { readonly outer: readonly string[]; readonly inner: readonly string[] } {
  const inner =
    isolated && exists('/usr/bin/unshare')
      ? ['/usr/bin/unshare', '--mount', '--mount-proc', '--pid', '--fork', '--kill-child', '--']
      : [];
  const outer = exists('/usr/bin/setpriv')
    ? ['/usr/bin/setpriv', '--pdeathsig', inner.length > 0 ? 'KILL' : 'TERM', '--']
    : [];
  return { outer, inner };
}

/**
 * Starts a server and waits until it answers. The server ends with this process, also when this process is killed.
 * @throws Error with the end of its log when it ends, or does not respond in time
 */
export async function startServer(description: ServerDescription): Promise<RunningServer> {
  mkdirSync(dirname(description.log), { recursive: true });
  const { outer, inner } = wrappers(description.isolated === true);
  // setpriv replaces itself with the server, so this is the command line in /proc.
  const argv = [...inner, description.program, ...description.arguments];
  const [program, ...rest] = [...outer, ...argv];
  const log = openSync(description.log, 'w');
  const child = spawn(program as string, rest, {
    env: { ...process.env, ...description.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  bindToThisProcess(child);
  /** How the server has ended. */
  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      end = `ended with ${signal ?? `exit code ${code}`}`;
      resolve();
    });
    child.once('error', (error) => {
      end = `could not be started: ${error.message}`;
      resolve();
    });
  });
  const stop = async () => {
    if (end === undefined) {
      terminate(child.pid as number);
      const killing = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killing);
    }
    rmSync(description.pidFile, { force: true });
  };
  if (child.pid !== undefined) {
    writePidFile(description.pidFile, { pid: child.pid, argv });
  }
  const deadline = Date.now() + description.deadlineSeconds * 1000;
  const answers = async () =>
    (await description.isReady()) &&
    (description.port === undefined || !isHeldByAnother(description.port, child.pid as number));
  // When this server has ended, another process may answer on its port.
  while (!(await answers()) || end !== undefined) {
    if (end !== undefined || Date.now() > deadline) {
      const problem = end ?? `did not respond within ${description.deadlineSeconds} s`;
      await stop();
      throw new Error(`${description.name} ${problem}. The end of ${description.log}:\n${lastLines(description.log)}`);
    }
    await sleep(30);
  }
  return { stop };
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(-10)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Whether a URL answers with success. */
export async function isAnswering(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

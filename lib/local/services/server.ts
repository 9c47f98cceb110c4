import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askToEnd, endsWithThisProcess } from './children';
import { writePidFile } from './pid-file';

/** A server that the local run starts and stops. */
export interface ServerDescription {
  /** As people are told: "the registry". */
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: string;
  readonly pidFile: string;
  readonly isReady: () => Promise<boolean>;
  readonly deadlineSeconds: number;
  /** Whether it starts processes and mounts of its own that must be gone when it is, however it ends. */
  readonly contained?: boolean;
}

export interface RunningServer {
  /** Ends the server and waits until it has ended. */
  stop(): Promise<void>;
}

/**
 * What a server is started through, where this machine has it: a namespace of processes and mounts that the kernel empties when its first
 * process ends, and the kernel's promise to end the server when this process is gone.
 */
export function wrappers(
  contained: boolean,
  isThere = existsSync,
): { readonly outer: readonly string[]; readonly inner: readonly string[] } {
  const inner =
    contained && isThere('/usr/bin/unshare')
      ? ['/usr/bin/unshare', '--mount', '--mount-proc', '--pid', '--fork', '--kill-child', '--']
      : [];
  const outer = isThere('/usr/bin/setpriv')
    ? ['/usr/bin/setpriv', '--pdeathsig', inner.length > 0 ? 'KILL' : 'TERM', '--']
    : [];
  return { outer, inner };
}

/**
 * Starts a server and waits until it answers. It ends with this process, also when this process is killed: the kernel is asked to tell it.
 * @throws Error with the last lines of its log when it ends or stays silent
 */
export async function startServer(description: ServerDescription): Promise<RunningServer> {
  mkdirSync(dirname(description.log), { recursive: true });
  const { outer, inner } = wrappers(description.contained === true);
  // setpriv becomes what it starts: this is what the process will be known by.
  const argv = [...inner, description.program, ...description.arguments];
  const [program, ...words] = [...outer, ...argv];
  const log = openSync(description.log, 'w');
  const child = spawn(program as string, words, {
    env: { ...process.env, ...description.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  endsWithThisProcess(child);
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
      askToEnd(child.pid as number);
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
  // Who answers must be this server: one that has ended left its port to somebody else.
  while (!(await description.isReady()) || end !== undefined) {
    if (end !== undefined || Date.now() > deadline) {
      const what = end ?? `did not answer within ${description.deadlineSeconds} s`;
      await stop();
      throw new Error(`${description.name} ${what}; the end of ${description.log}:\n${lastLines(description.log)}`);
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
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

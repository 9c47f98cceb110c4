import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that the local run starts and stops. */
export interface ServerDescription {
  readonly name: string;
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly log: string;
  readonly isReady: () => Promise<boolean>;
  readonly deadlineSeconds: number;
}

export interface RunningServer {
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
let guarded = false;

/** Children never outlive this process, however it ends. */
function guard(): void {
  if (guarded) {
    return;
  }
  guarded = true;
  process.on('exit', () => {
    for (const child of running) {
      child.kill('SIGKILL');
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      for (const child of running) {
        child.kill('SIGTERM');
      }
      process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
}

/**
 * Starts a server and waits until it answers.
 * @throws Error with the last lines of its log when it ends or stays silent
 */
export async function startServer(description: ServerDescription): Promise<RunningServer> {
  guard();
  mkdirSync(dirname(description.log), { recursive: true });
  const log = openSync(description.log, 'w');
  const child = spawn(description.program, description.arguments as string[], {
    env: { ...process.env, ...description.environment },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  running.add(child);
  let ended = false;
  child.once('exit', () => {
    ended = true;
    running.delete(child);
  });
  child.once('error', () => {
    ended = true;
    running.delete(child);
  });
  const deadline = Date.now() + description.deadlineSeconds * 1000;
  while (!(await description.isReady())) {
    if (ended || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(
        `${description.name} ${ended ? 'ended' : `did not answer within ${description.deadlineSeconds} s`}; the end of ${description.log}:\n${lastLines(description.log)}`,
      );
    }
    await sleep(30);
  }
  return {
    stop: async () => {
      if (ended) {
        return;
      }
      child.kill('SIGTERM');
      for (const until = Date.now() + 5000; !ended && Date.now() < until; ) {
        await sleep(20);
      }
      if (!ended) {
        child.kill('SIGKILL');
      }
    },
  };
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(-10)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** The wanted port on loopback if it is free, else any free one. */
export async function freePort(wanted: number): Promise<number> {
  const take = (port: number) =>
    new Promise<number | undefined>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(undefined));
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        const given = typeof address === 'object' && address !== null ? address.port : port;
        probe.close(() => resolve(given));
      });
    });
  return (await take(wanted)) ?? ((await take(0)) as number);
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

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from '../../lib/tools/process-identity';
import { type Layout, marker, within } from '../layout';
import { covers, holdsSocket, listeners } from '../machine/listeners';
import { signal } from '../machine/processes';
import type { RenderedFile, Server } from './component';
import { labEnvironment } from './environment';
import { passes, portOf } from './probe';

/** What is written down of a process when it starts: enough to find it again, and to see whether it is still what it should be. */
export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  /** Of program, arguments, environment and files: when it differs, the process is started anew. */
  readonly configuration: string;
  readonly startedAt: string;
}

export function logPath(layout: Layout, name: string): string {
  return within(layout, 'log', `${name}.log`);
}

function recordPath(layout: Layout, name: string): string {
  return within(layout, 'run', `${name}.json`);
}

/** The record of a component whose process runs. */
export function runningRecord(layout: Layout, name: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordPath(layout, name), 'utf8')) as ProcessRecord;
    return isRunning(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Starts a server in a session of its own, so that it outlives this process, and waits until it serves. One that runs as it should is left alone.
 * @returns whether it was started or ran already
 * @throws Error with the end of its log when it ends or stays silent
 */
export async function start(layout: Layout, server: Server): Promise<'started' | 'running'> {
  const configuration = configurationOf(server);
  const known = runningRecord(layout, server.name);
  if (known?.configuration === configuration) {
    await untilReady(layout, server, known);
    return 'running';
  }
  if (known !== undefined) {
    await stop(layout, server.name, server.graceSeconds);
  }
  for (const folder of server.folders ?? []) {
    mkdirSync(folder, { recursive: true });
  }
  for (const file of server.files ?? []) {
    writeRendered(file);
  }
  const record = await launch(layout, server, configuration);
  await untilReady(layout, server, record);
  return 'started';
}

async function launch(layout: Layout, server: Server, configuration: string): Promise<ProcessRecord> {
  mkdirSync(within(layout, 'log'), { recursive: true });
  mkdirSync(within(layout, 'run'), { recursive: true });
  const log = openSync(logPath(layout, server.name), 'a');
  const child = spawn(server.program, server.arguments as string[], {
    cwd: server.directory ?? layout.state,
    env: { ...labEnvironment(layout), ...server.environment, [marker]: layout.state },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const failed = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', resolve);
  });
  if (failed !== undefined || child.pid === undefined) {
    throw new Error(`${server.name} could not be started: ${failed?.message ?? server.program}`);
  }
  child.unref();
  const identity = identityOf(child.pid) ?? { pid: child.pid, startTicks: 0 };
  const record: ProcessRecord = { ...identity, name: server.name, configuration, startedAt: new Date().toISOString() };
  writeRendered({ path: recordPath(layout, server.name), text: `${JSON.stringify(record)}\n` });
  return record;
}

async function untilReady(layout: Layout, server: Server, record: ProcessRecord): Promise<void> {
  const deadline = Date.now() + server.deadlineSeconds * 1000;
  while (!(await passes(server.ready)) || !isItself(server, record)) {
    const ended = !isRunning(record);
    if (ended || Date.now() > deadline) {
      const log = logPath(layout, server.name);
      throw new Error(
        `${server.name} ${ended ? 'ended' : `did not get ready within ${server.deadlineSeconds} s`}; the end of ${log}:\n${lastLines(log)}`,
      );
    }
    await sleep(50);
  }
}

/** Who answers must be this server: another that has its port would answer as well, while this one is about to say so and to end. */
function isItself({ ready }: Server, record: ProcessRecord): boolean {
  const asked = portOf(ready);
  const sockets = asked === undefined ? [] : listeners().filter((each) => covers(each, asked.host, asked.port));
  const own = asked === undefined || holdsSocket(record.pid, new Set(sockets.map(({ inode }) => inode)));
  return own && isRunning(record);
}

/** Ends a component's process: SIGTERM, and SIGKILL after the grace. One that does not run is no mistake. */
export async function stop(layout: Layout, name: string, graceSeconds: number): Promise<void> {
  const record = runningRecord(layout, name);
  if (record !== undefined) {
    await end(record, graceSeconds);
  }
  rmSync(recordPath(layout, name), { force: true });
}

/** Ends one process and waits until it is gone. */
export async function end(identity: ProcessIdentity, graceSeconds: number): Promise<void> {
  signal(identity, 'SIGTERM');
  for (const until = Date.now() + graceSeconds * 1000; isRunning(identity) && Date.now() < until; ) {
    await sleep(20);
  }
  signal(identity, 'SIGKILL');
  while (isRunning(identity)) {
    await sleep(10);
  }
}

/** Writes a file whole or not at all. */
export function writeRendered({ path, text, mode = 0o644 }: RenderedFile): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = join(dirname(path), `.${process.pid}.${path.split('/').pop()}`);
  writeFileSync(beside, text, { mode });
  renameSync(beside, path);
}

function configurationOf(server: Server): string {
  const { program, arguments: words, environment, files } = server;
  return createHash('sha256')
    .update(JSON.stringify([program, words, environment ?? {}, files ?? []]))
    .digest('hex')
    .slice(0, 16);
}

function lastLines(path: string): string {
  if (!existsSync(path)) {
    return '  (no log)';
  }
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(-12);
  return lines.map((line) => `  ${line.slice(0, 400)}`).join('\n');
}

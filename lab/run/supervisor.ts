import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { listensOn, ownsSocket, readListeners } from '../../lib/process/listeners';
import { identityOf, isRunning, type ProcessIdentity } from '../../lib/tools/process-identity';
import { type Layout, marker, within } from '../layout';
import { signalProcess } from '../machine/processes';
import { writeFileAtomically } from '../machine/write-file';
import type { Server } from './component';
import { labEnvironment } from './environment';
import { probeAddress, runProbe } from './probe';

/** What the supervisor records when it starts a process, to find it again and to detect a changed configuration. */
export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  /** Hash of program, arguments, environment and files. If it differs, the process is restarted. */
  readonly configuration: string;
  readonly startedAt: string;
}

/**
 * Starts a server in its own session, so that it outlives this process, and waits until it is ready. A server that already runs with the same
 * configuration is not restarted.
 * @returns whether the server was started or was already running
 * @throws Error with the end of its log if the server ends or does not become ready
 */
export async function startServer(layout: Layout, server: Server): Promise<'started' | 'running'> {
  const configuration = configurationHash(server);
  const current = runningRecord(layout, server.name);
  if (current?.configuration === configuration) {
    await waitUntilReady(layout, server, current);
    return 'running';
  }
  if (current !== undefined) {
    await stopServer(layout, server.name, server.graceSeconds);
  }
  for (const folder of server.folders ?? []) {
    mkdirSync(folder, { recursive: true });
  }
  for (const file of server.files ?? []) {
    writeFileAtomically(file);
  }
  const record = await launch(layout, server, configuration);
  await waitUntilReady(layout, server, record);
  return 'started';
}

/** Stops a server: SIGTERM, then SIGKILL after the grace period. Does nothing if the server does not run. */
export async function stopServer(layout: Layout, name: string, graceSeconds: number): Promise<void> {
  const record = runningRecord(layout, name);
  if (record !== undefined) {
    await endProcess(record, graceSeconds);
  }
  rmSync(recordPath(layout, name), { force: true });
}

/** Ends one process and waits until it has ended. */
export async function endProcess(identity: ProcessIdentity, graceSeconds: number): Promise<void> {
  signalProcess(identity, 'SIGTERM');
  for (const deadline = Date.now() + graceSeconds * 1000; isRunning(identity) && Date.now() < deadline; ) {
    await sleep(20);
  }
  signalProcess(identity, 'SIGKILL');
  while (isRunning(identity)) {
    await sleep(10);
  }
}

/** The record of a server; undefined if it does not run. */
export function runningRecord(layout: Layout, name: string): ProcessRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordPath(layout, name), 'utf8')) as ProcessRecord;
    return isRunning(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function logPath(layout: Layout, name: string): string {
  return within(layout, 'log', `${name}.log`);
}

function recordPath(layout: Layout, name: string): string {
  return within(layout, 'run', `${name}.json`);
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
  const error = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', resolve);
  });
  if (error !== undefined || child.pid === undefined) {
    throw new Error(`cannot start ${server.name}: ${error?.message ?? server.program}`);
  }
  child.unref();
  const identity = identityOf(child.pid) ?? { pid: child.pid, startTicks: 0 };
  const record: ProcessRecord = { ...identity, name: server.name, configuration, startedAt: new Date().toISOString() };
  writeFileAtomically({ path: recordPath(layout, server.name), text: `${JSON.stringify(record)}\n` });
  return record;
}

async function waitUntilReady(layout: Layout, server: Server, record: ProcessRecord): Promise<void> {
  const deadline = Date.now() + server.deadlineSeconds * 1000;
  while (!(await runProbe(server.ready)) || !isProbedProcess(server, record)) {
    const hasEnded = !isRunning(record);
    if (hasEnded || Date.now() > deadline) {
      const log = logPath(layout, server.name);
      const problem = hasEnded ? 'ended' : `was not ready within ${server.deadlineSeconds} s`;
      throw new Error(`${server.name} ${problem}; the end of ${log}:\n${lastLines(log)}`);
    }
    await sleep(50);
  }
}

/** Whether the probe reached this process. Another process on the same port would respond too, until this one reports the conflict and ends. */
function isProbedProcess({ ready }: Server, record: ProcessRecord): boolean {
  const address = probeAddress(ready);
  if (address !== undefined) {
    const sockets = readListeners().filter((listener) => listensOn(listener, address.host, address.port));
    if (!ownsSocket(record.pid, new Set(sockets.map(({ inode }) => inode)))) {
      return false;
    }
  }
  return isRunning(record);
}

function configurationHash(server: Server): string {
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

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { listProcessTree, signalAll } from './kill-process-tree';

/** How long programs may take to stop when this process ends. */
const graceMilliseconds = 2000;

/** Programs that run now, and whether their descendants end with them. */
const running = new Map<ChildProcess, { readonly withDescendants: boolean }>();
const cleanups = new Set<() => void>();
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
let hasHandlers = false;

/**
 * Ends a child when this process exits, or receives SIGINT, SIGTERM or SIGHUP.
 * @param options `withDescendants`: a killed shell leaves its command running
 */
export function bindToThisProcess(child: ChildProcess, options = { withDescendants: false }): void {
  running.set(child, options);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  installHandlers();
}

/** Does something when this process ends, after its programs have ended. Must be synchronous. */
export function onProcessEnd(cleanup: () => void): void {
  cleanups.add(cleanup);
  installHandlers();
}

function installHandlers(): void {
  if (hasHandlers) {
    return;
  }
  hasHandlers = true;
  process.on('exit', () => {
    endChildren();
    for (const cleanup of cleanups) {
      cleanup();
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + signalNumbers[signal]));
  }
}

/**
 * Ends all children synchronously, so that this process does not continue while its programs stop. Sends SIGTERM first: a BuildKit that receives
 * SIGKILL leaves the processes of a build running.
 */
function endChildren(): void {
  const pids = [...running].flatMap(([{ pid }, { withDescendants }]) =>
    pid === undefined ? [] : withDescendants ? listProcessTree(pid) : [pid],
  );
  const remaining = () => pids.filter(isRunning);
  for (const pid of remaining()) {
    terminate(pid);
  }
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + graceMilliseconds; remaining().length > 0 && Date.now() < until; ) {
    Atomics.wait(clock, 0, 0, 20);
  }
  signalAll(remaining(), 'SIGKILL');
}

/**
 * Sends SIGTERM to a process. unshare(1) ignores SIGTERM: for a server in its own namespaces, sends it to the first process in them.
 */
export function terminate(pid: number): void {
  try {
    const isUnshare = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'unshare';
    const inner = isUnshare ? Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]) : 0;
    process.kill(inner > 0 ? inner : pid, 'SIGTERM');
  } catch {
    // It has ended in the meantime.
  }
}

/** Whether a process runs. A zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(state.slice(state.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How long a server may take to end by itself once this process ends. */
const graceMilliseconds = 2000;

const running = new Set<ChildProcess>();
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
let guarded = false;

/** Binds a child's life to this process: it is ended when this process exits, is interrupted or terminated. */
export function endsWithThisProcess(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.once('error', () => running.delete(child));
  if (guarded) {
    return;
  }
  guarded = true;
  process.on('exit', endNow);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + signalNumbers[signal]));
  }
}

/**
 * Ends all children without giving the event loop back, so that nothing of this process goes on meanwhile against half-stopped servers.
 * Politely first: BuildKit that is killed outright would leave the compilers of a build running.
 */
function endNow(): void {
  const left = () => [...running].filter(({ pid }) => pid !== undefined && isRunning(pid));
  for (const { pid } of left()) {
    askToEnd(pid as number);
  }
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (const until = Date.now() + graceMilliseconds; left().length > 0 && Date.now() < until; ) {
    Atomics.wait(clock, 0, 0, 20);
  }
  for (const child of left()) {
    child.kill('SIGKILL');
  }
}

/**
 * Asks a process to end. unshare(1) holds such requests back from itself and is not what should be asked: the first process of the
 * namespace that it made is.
 */
export function askToEnd(pid: number): void {
  try {
    const wrapped = readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'unshare';
    const inner = wrapped ? Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]) : 0;
    process.kill(inner > 0 ? inner : pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}

/** Whether a process runs: one that has ended and only waits to be asked for its exit code does not. */
export function isRunning(pid: number): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/^[ZX]/.test(state.slice(state.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

import { readFileSync } from 'node:fs';

/** The time between SIGTERM and SIGKILL. */
const graceMilliseconds = 5000;

/**
 * Stops a process and its descendants, because a killed shell leaves its command running with our pipes open. Sends SIGTERM, then SIGKILL.
 * Without /proc, stops only the process itself.
 * @returns a timer to clear when the process has exited
 */
export function killProcessTree(pid: number): NodeJS.Timeout {
  // List the tree once: children cannot be found after their parent has exited.
  const tree = listProcessTree(pid);
  signalAll(tree, 'SIGTERM');
  return setTimeout(() => signalAll(tree, 'SIGKILL'), graceMilliseconds);
}

/** A process and its descendants. Without /proc, the process alone. */
export function listProcessTree(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...children.flatMap(listProcessTree)];
  } catch {
    return [pid];
  }
}

/** Signals processes, of which some may have ended. */
export function signalAll(tree: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const pid of tree) {
    try {
      process.kill(pid, signal);
    } catch {
      // The process has already exited.
    }
  }
}

import { readFileSync } from 'node:fs';

/** How long a program may take to end by itself. */
const graceMilliseconds = 5000;

/**
 * Ends a process and all that it has started: a shell that is ended alone would leave its command running, with our pipes in its hands.
 * First politely. Where there is no /proc, the process alone.
 * @returns a timer to clear once it has ended
 */
export function endTree(pid: number): NodeJS.Timeout {
  // Gathered once: a child whose parent has gone could not be found any more.
  const tree = treeOf(pid);
  signalAll(tree, 'SIGTERM');
  return setTimeout(() => signalAll(tree, 'SIGKILL'), graceMilliseconds);
}

function treeOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...children.flatMap(treeOf)];
  } catch {
    return [pid];
  }
}

function signalAll(tree: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): void {
  for (const pid of tree) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

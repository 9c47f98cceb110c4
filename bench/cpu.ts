import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc on Linux: USER_HZ, which is the same on every machine (proc_pid_stat(5)). */
const ticks = 100;

/** CPU seconds of a process and of its descendants, running or exited, since they started. */
export function cpuSeconds(pid: number): number {
  const own = sum(timesOf(pid));
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own);
}

/** CPU seconds of the children of this process that have ended, and of their descendants. */
export function endedChildrenSeconds(): number {
  return sum(timesOf(process.pid).slice(2));
}

/** utime, stime, cutime and cstime, in seconds. They are fields 14 to 17 of the file; the first field after the name is field 3. */
function timesOf(pid: number): readonly number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).map((value) => Number(value) / ticks);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

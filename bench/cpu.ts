import { readFileSync } from 'node:fs';

/** Clock ticks per second in /proc on Linux: USER_HZ, which is the same on every machine (proc_pid_stat(5)). */
const ticks = 100;

/** CPU seconds of a process and of its descendants, running or exited, since they started. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // utime, stime, cutime and cstime are fields 14 to 17. The first field after the name is field 3.
  const own = fields.slice(11, 15).reduce((sum, value) => sum + value, 0) / ticks;
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own);
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

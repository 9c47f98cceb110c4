import { readFileSync } from 'node:fs';

/** A process by what tells it from a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the boot to its start: field 22 of /proc/<pid>/stat (proc(5)). */
  readonly startTicks: number;
}

/** The identity of a running process; undefined when there is none of that number, when it is a zombie, or on a system without /proc. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Reads /proc/<pid>/stat. The program's name stands in parentheses and may hold blanks and parentheses of its own. */
export function parseStat(stat: string): ProcessIdentity | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') {
    return undefined;
  }
  return { pid: Number.parseInt(stat, 10), startTicks: Number(fields[19]) };
}

/** Whether that very process runs, and not another that has its number now. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTicks === identity.startTicks;
}

import { readFileSync } from 'node:fs';

/** A process: its pid, and its start time, which distinguishes it from a later process with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between the boot and its start: field 22 of /proc/<pid>/stat (proc(5)). */
  readonly startTicks: number;
}

/** The identity of a running process. Undefined when no process has the pid, when it is a zombie, or without /proc. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Parses /proc/<pid>/stat. The program's name is in parentheses and may contain blanks and parentheses. */
export function parseStat(stat: string): ProcessIdentity | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') {
    return undefined;
  }
  return { pid: Number.parseInt(stat, 10), startTicks: Number(fields[19]) };
}

/** Whether this process still runs, and not a later one with the same pid. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTicks === identity.startTicks;
}

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** A process by what tells it from a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the boot to its start: field 22 of /proc/<pid>/stat (proc(5)). */
  readonly startTicks: number;
}

/** The identity of a running process, or undefined when there is none of that number or it is a zombie. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return parseStat(stat);
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

export function isRunning(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTicks === identity.startTicks;
}

/** Resident memory in bytes; 0 when it ended. */
export function residentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export function commandOf(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() ||
      `[${readlinkSync(`/proc/${pid}/exe`)}]`
    );
  } catch {
    return '(ended)';
  }
}

/** Numbers of the processes that carry `name=value` in their environment, this one and its parents left out. */
export function processesWith(name: string, value: string): readonly number[] {
  const entry = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file))
    .map(Number)
    .filter((pid) => {
      try {
        return pid !== process.pid && readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(entry);
      } catch {
        return false;
      }
    });
}

/** All values that running processes have for a variable of their environment. */
export function valuesInEnvironments(name: string): readonly string[] {
  const values = readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file))
    .flatMap((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      } catch {
        return [];
      }
    })
    .filter((entry) => entry.startsWith(`${name}=`))
    .map((entry) => entry.slice(name.length + 1));
  return [...new Set(values)];
}

/** Sends a signal to exactly this process; nothing if it ended or its number has gone to another. */
export function signal(
  identity: ProcessIdentity,
  name: 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGSTOP' | 'SIGCONT',
): void {
  if (isRunning(identity)) {
    try {
      process.kill(identity.pid, name);
    } catch {
      // It ended in between.
    }
  }
}

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isRunning, type ProcessIdentity } from '../../lib/tools/process-identity';

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

/** The environment with which a process began, as `name=value`; empty when it ended. */
export function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Numbers of all processes of this machine. */
export function runningPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file))
    .map(Number);
}

/** Numbers of the processes that carry `name=value` in their environment, this one and its parents left out. */
export function processesWith(name: string, value: string): readonly number[] {
  const entry = `${name}=${value}`;
  return runningPids().filter((pid) => pid !== process.pid && environmentOf(pid).includes(entry));
}

/** All values that running processes have for a variable of their environment. */
export function valuesInEnvironments(name: string): readonly string[] {
  const values = runningPids()
    .flatMap(environmentOf)
    .filter((entry) => entry.startsWith(`${name}=`))
    .map((entry) => entry.slice(name.length + 1));
  return [...new Set(values)];
}

/** Sends a signal to exactly this process; nothing if it ended or its number has gone to another. */
export function signal(identity: ProcessIdentity, name: 'SIGTERM' | 'SIGKILL'): void {
  if (isRunning(identity)) {
    try {
      process.kill(identity.pid, name);
    } catch {
      // It ended in between.
    }
  }
}

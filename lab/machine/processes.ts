import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isRunning, type ProcessIdentity } from '../../lib/tools/process-identity';

/** Resident memory in bytes; 0 for a process that ended. */
export function residentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export function readCommandLine(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() ||
      `[${readlinkSync(`/proc/${pid}/exe`)}]`
    );
  } catch {
    return '(ended)';
  }
}

/** The environment at the start of a process, as `name=value`; empty for a process that ended. */
export function readEnvironment(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** IDs of all processes of this machine. */
export function listPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file))
    .map(Number);
}

/** IDs of the processes with `name=value` in their environment, without this process. */
export function findProcessesByEnvironment(name: string, value: string): readonly number[] {
  const entry = `${name}=${value}`;
  return listPids().filter((pid) => pid !== process.pid && readEnvironment(pid).includes(entry));
}

/** All values of an environment variable in the running processes. */
export function listEnvironmentValues(name: string): readonly string[] {
  const values = listPids()
    .flatMap(readEnvironment)
    .filter((entry) => entry.startsWith(`${name}=`))
    .map((entry) => entry.slice(name.length + 1));
  return [...new Set(values)];
}

/** Sends a signal to exactly this process. Does nothing if the process ended, even if its ID is in use again. */
export function signalProcess(identity: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (isRunning(identity)) {
    try {
      process.kill(identity.pid, signal);
    } catch {
      // The process ended in between.
    }
  }
}

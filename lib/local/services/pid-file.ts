import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, terminate, writeFileAtomic } from '../../process';

/** A process, as recorded in its pid file. */
export interface StartedProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

export function writePidFile(file: string, started: StartedProcess): void {
  writeFileAtomic(file, `${JSON.stringify(started)}\n`);
}

/** The process of a pid file while it runs. A process with the same pid and another command line does not count. */
export function readPidFile(file: string): StartedProcess | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  try {
    const started = JSON.parse(readFileSync(file, 'utf8')) as StartedProcess;
    const argv = readFileSync(`/proc/${started.pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return isRunning(started.pid) && JSON.stringify(argv) === JSON.stringify(started.argv) ? started : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the server of a killed run, if it still runs, and removes its pid file. */
export async function endLeftover(file: string): Promise<void> {
  const leftover = readPidFile(file);
  if (leftover !== undefined) {
    terminate(leftover.pid);
    for (const until = Date.now() + 5000; isRunning(leftover.pid) && Date.now() < until; ) {
      await sleep(20);
    }
    if (readPidFile(file) !== undefined) {
      process.kill(leftover.pid, 'SIGKILL');
    }
  }
  rmSync(file, { force: true });
}

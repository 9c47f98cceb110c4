import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeWhole } from '../../steps';
import { askToEnd, isRunning } from './children';

/** A process that was started, as its pid file tells it. */
export interface StartedProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

export function writePidFile(file: string, started: StartedProcess): void {
  writeWhole(file, `${JSON.stringify(started)}\n`);
}

/** The process of a pid file if it still runs and is the very one: a number that another program has got since does not count. */
export function processOf(file: string): StartedProcess | undefined {
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

/** Ends what a killed run has left behind, if anything, and forgets its pid file. */
export async function endLeftover(file: string): Promise<void> {
  const left = processOf(file);
  if (left !== undefined) {
    askToEnd(left.pid);
    for (const until = Date.now() + 5000; isRunning(left.pid) && Date.now() < until; ) {
      await sleep(20);
    }
    if (processOf(file) !== undefined) {
      process.kill(left.pid, 'SIGKILL');
    }
  }
  rmSync(file, { force: true });
}

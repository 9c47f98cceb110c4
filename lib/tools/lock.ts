import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { identityOf, isRunning } from './process-identity';

/** Who holds a lock. The start tells it from a later process of the same number; a system without /proc has none. */
interface Holder {
  readonly pid: number;
  readonly startTicks?: number;
}

/**
 * Runs `work` while this process alone holds `path`. The lock of a process that has died is taken over.
 * @param onWait told once when another process holds it
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holder: number) => void = () => {},
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder === undefined || !isAlive(holder)) {
      removeDead(path, holder);
      continue;
    }
    if (!told) {
      onWait(holder.pid);
      told = true;
    }
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Creating a folder is atomic: one process makes it, every other is told that it exists. */
function take(path: string): boolean {
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
  const { startTicks } = identityOf(process.pid) ?? {};
  if (startTicks !== undefined) {
    writeFileSync(join(path, 'start'), String(startTicks));
  }
  // Last: whoever finds the number finds the start.
  writeFileSync(join(path, 'pid'), String(process.pid));
  return true;
}

/** Takes the lock of a dead process out of the way. Two that find it dead must not take away the lock that one of them has made since. */
function removeDead(path: string, dead: Holder | undefined): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (isDeepStrictEqual(holderOf(aside), dead)) {
    rmSync(aside, { recursive: true, force: true });
  } else {
    renameSync(aside, path);
  }
}

function holderOf(path: string): Holder | undefined {
  // The folder may be there an instant before the number in it.
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
      if (pid > 0) {
        const start = join(path, 'start');
        return { pid, ...(existsSync(start) ? { startTicks: Number(readFileSync(start, 'utf8')) } : {}) };
      }
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return undefined;
}

function isAlive({ pid, startTicks }: Holder): boolean {
  if (startTicks !== undefined) {
    return isRunning({ pid, startTicks });
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

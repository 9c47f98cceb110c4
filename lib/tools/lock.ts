import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { identityOf, isRunning } from './process-identity';

/** The process that holds a lock. */
interface Holder {
  readonly pid: number;
  /** Distinguishes the process from a later one with the same pid. Undefined on a system without /proc. */
  readonly startTicks?: number;
}

/**
 * Runs `work` while this process holds the lock at `path`.
 * @param onWait called once with the holder's pid when another process holds it
 */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait?: (holder: number) => void): Promise<T> {
  const release = await acquireLock(path, onWait);
  try {
    return await work();
  } finally {
    release();
  }
}

/**
 * Acquires the lock at `path`, a folder, and returns the function that releases it. Takes over the lock of a process that has ended.
 * @param onWait called once with the holder's pid when another process holds it
 */
export async function acquireLock(path: string, onWait?: (holder: number) => void): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  let isWaiting = false;
  while (!tryAcquire(path)) {
    const holder = readHolder(path);
    if (holder === undefined || !isAlive(holder)) {
      removeStale(path, holder);
      continue;
    }
    if (!isWaiting) {
      onWait?.(holder.pid);
      isWaiting = true;
    }
    await sleep(200);
  }
  return () => rmSync(path, { recursive: true, force: true });
}

/** Creating a folder is atomic: it succeeds in one process and fails with EEXIST in all others. */
function tryAcquire(path: string): boolean {
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
  // Write the pid last: a process that can read it can also read the start time.
  writeFileSync(join(path, 'pid'), String(process.pid));
  return true;
}

/** Removes the lock of a process that has ended, unless another process has replaced it since `stale` was read. */
function removeStale(path: string, stale: Holder | undefined): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (isDeepStrictEqual(readHolder(aside), stale)) {
    rmSync(aside, { recursive: true, force: true });
  } else {
    renameSync(aside, path);
  }
}

function readHolder(path: string): Holder | undefined {
  // The folder exists for an instant before the pid in it does.
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
      if (pid > 0) {
        const start = join(path, 'start');
        return { pid, startTicks: existsSync(start) ? Number(readFileSync(start, 'utf8')) : undefined };
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

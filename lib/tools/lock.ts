import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
  return () => release(path);
}

/**
 * A lock appears with its holder in it, and disappears with it: others never see it half written. A folder with files is only replaced by renaming
 * it away, so renaming onto it succeeds in one process and fails in all others.
 */
function tryAcquire(path: string): boolean {
  if (existsSync(path)) {
    return false;
  }
  const candidate = mkdtempSync(`${path}.candidate-`);
  const { startTicks } = identityOf(process.pid) ?? {};
  if (startTicks !== undefined) {
    writeFileSync(join(candidate, 'start'), String(startTicks));
  }
  writeFileSync(join(candidate, 'pid'), String(process.pid));
  try {
    renameSync(candidate, path);
    return true;
  } catch (error) {
    rmSync(candidate, { recursive: true, force: true });
    if (['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return false;
    }
    throw error;
  }
}

function release(path: string): void {
  const aside = moveAside(path);
  if (aside !== undefined) {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Renames a lock away. @returns where it is now; undefined if there is none */
function moveAside(path: string): string | undefined {
  const aside = mkdtempSync(`${path}.aside-`);
  try {
    renameSync(path, aside);
    return aside;
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Removes the lock of a process that has ended, unless another process has replaced it since `stale` was read. */
function removeStale(path: string, stale: Holder | undefined): void {
  const aside = moveAside(path);
  if (aside === undefined) {
    return;
  }
  if (isDeepStrictEqual(readHolder(aside), stale)) {
    rmSync(aside, { recursive: true, force: true });
  } else {
    renameSync(aside, path);
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
    const start = join(path, 'start');
    return pid > 0
      ? { pid, startTicks: existsSync(start) ? Number(readFileSync(start, 'utf8')) : undefined }
      : undefined;
  } catch {
    // It was released in the meantime.
    return undefined;
  }
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

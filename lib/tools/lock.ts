import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

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
      onWait(holder);
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
  writeFileSync(join(path, 'pid'), String(process.pid));
  return true;
}

/** Takes the lock of a dead process out of the way. Two that find it dead must not take away the lock that one of them has made since. */
function removeDead(path: string, dead: number | undefined): void {
  const aside = `${path}.dead-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return;
    }
    throw error;
  }
  if (holderOf(aside) === dead) {
    rmSync(aside, { recursive: true, force: true });
  } else {
    renameSync(aside, path);
  }
}

function holderOf(path: string): number | undefined {
  // The folder may be there an instant before the number in it.
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
      if (pid > 0) {
        return pid;
      }
    } catch {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

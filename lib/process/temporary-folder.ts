import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onProcessEnd } from './end-with-process';

/** Folders that exist now. They are removed when this process is interrupted: they can contain a source, or a credential. */
const existing = new Set<string>();

/** A folder of this process alone. */
export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/**
 * Creates an empty folder that only this user can read. The caller removes it; an interrupted process removes it, too.
 * @param purpose part of its name: `bowline-<purpose>-…`
 * @param parent a folder that exists. @default the temporary folder of the machine
 */
export function createTemporaryFolder(purpose: string, parent = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, `bowline-${purpose}-`));
  existing.add(path);
  onProcessEnd(removeTemporaryFolders);
  return {
    path,
    remove: () => {
      if (tryRemove(path)) {
        existing.delete(path);
      }
    },
  };
}

/**
 * Removes a folder.
 * @returns false if a process that a program left behind still writes there: the end of this process removes it then, and the result of the program
 *   stands
 */
function tryRemove(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') {
      return false;
    }
    throw error;
  }
}

/** Gives `work` an empty folder, and removes it afterwards. */
export async function withTemporaryFolder<T>(purpose: string, work: (path: string) => Promise<T>): Promise<T> {
  const folder = createTemporaryFolder(purpose);
  try {
    return await work(folder.path);
  } finally {
    folder.remove();
  }
}

/** Removes what exists when the process ends without reaching its `finally` blocks. */
function removeTemporaryFolders(): void {
  for (const path of existing) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Another process may still write there, and nobody is left to report it to.
    }
  }
  existing.clear();
}

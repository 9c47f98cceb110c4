import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../process/input-error';
import type { Files } from './fill';

/** Something new that was written beside its place, and is not there yet. */
export interface Placing {
  /** Where it is being made. */
  readonly beside: string;
  /** Puts it in its place, in one step. @throws InputError when something has come there meanwhile */
  readonly place: () => void;
  /** Takes it away again. */
  readonly drop: () => void;
}

/**
 * Writes a new folder beside its place, so that it is there whole or not at all.
 * @throws InputError when there is something already
 */
export function prepareFolder(destination: string, files: Files): Placing {
  const path = resolve(destination);
  refuseTaken(path);
  mkdirSync(dirname(path), { recursive: true });
  const beside = mkdtempSync(join(dirname(path), `.${basename(path)}.`));
  for (const [file, text] of files) {
    mkdirSync(dirname(join(beside, file)), { recursive: true });
    writeFileSync(join(beside, file), text);
  }
  return {
    beside,
    place: () => {
      refuseTaken(path);
      renameSync(beside, path);
    },
    drop: () => rmSync(beside, { recursive: true, force: true }),
  };
}

/** @throws InputError when the folder holds anything, or is no folder */
export function refuseTaken(path: string): void {
  if (!existsSync(path)) {
    return;
  }
  let held: readonly string[];
  try {
    held = readdirSync(path);
  } catch {
    throw new InputError(`${path} is there already, and no folder: nothing was written`);
  }
  if (held.length > 0) {
    throw new InputError(`${path} holds something already (${held.slice(0, 3).join(', ')}): nothing was written`);
  }
}

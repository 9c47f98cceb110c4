import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { badInput } from '../errors';
import type { Files } from './fill-template';

/** A new folder that is complete under a temporary name. */
export interface PreparedFolder {
  /** The temporary folder, beside the destination. */
  readonly temporary: string;
  /** Moves it to its destination in one step. @throws BowlineError `input` when the destination is no longer free */
  readonly commit: () => void;
  /** Removes the temporary folder. */
  readonly discard: () => void;
}

/**
 * Writes a new folder under a temporary name, so that its destination gets it whole or not at all.
 * @throws BowlineError `input` when the destination is not free
 */
export function prepareFolder(destination: string, files: Files): PreparedFolder {
  const path = resolve(destination);
  requireFreeFolder(path);
  mkdirSync(dirname(path), { recursive: true });
  const temporary = mkdtempSync(join(dirname(path), `.${basename(path)}.`));
  for (const [file, text] of files) {
    mkdirSync(dirname(join(temporary, file)), { recursive: true });
    writeFileSync(join(temporary, file), text);
  }
  return {
    temporary,
    commit: () => {
      requireFreeFolder(path);
      renameSync(temporary, path);
    },
    discard: () => rmSync(temporary, { recursive: true, force: true }),
  };
}

/** @throws BowlineError `input` when the folder is not empty or is a file */
export function requireFreeFolder(path: string): void {
  if (!existsSync(path)) {
    return;
  }
  let entries: readonly string[];
  try {
    entries = readdirSync(path);
  } catch {
    throw badInput('input', `${path} is a file, not a folder: nothing was written`);
  }
  if (entries.length > 0) {
    throw badInput('input', `${path} is not empty (${entries.slice(0, 3).join(', ')}): nothing was written`);
  }
}

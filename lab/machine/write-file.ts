import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file and its content. */
export interface RenderedFile {
  readonly path: string;
  readonly text: string;
  /** Permission bits; 0o600 for a file that contains a secret. Default 0o644. */
  readonly mode?: number;
}

/** Writes a file atomically: readers see the old content or the new one, never a part. */
export function writeFileAtomically({ path, text, mode = 0o644 }: RenderedFile): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${process.pid}.${basename(path)}`);
  writeFileSync(temporary, text, { mode });
  renameSync(temporary, path);
}

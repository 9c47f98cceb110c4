import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../tools';
import { writeWhole } from './release-folder';

const keptForDays = 30;

/**
 * What a program said of the very same input before, else what it says now. Only for programs whose answer depends on what is named in `about`
 * alone: checks of configuration that come with the program, not findings out of a database that grows.
 * @param about everything that the answer depends on: the program by its pinned path, its words, the files with their bytes
 * @param make runs the program; undefined is no answer, and is not kept
 */
export async function keptReport(
  about: readonly string[],
  make: () => Promise<string | undefined>,
  directory = join(cacheDirectory(), 'reports'),
): Promise<string | undefined> {
  const key = about.reduce(
    (hash, part) =>
      hash
        .update(String(Buffer.byteLength(part)))
        .update('\0')
        .update(part),
    createHash('sha256'),
  );
  const path = join(directory, `${key.digest('hex')}.json`);
  if (existsSync(path)) {
    return readFileSync(path, 'utf8');
  }
  const text = await make();
  if (text !== undefined) {
    mkdirSync(directory, { recursive: true });
    removeOld(directory);
    writeWhole(path, text);
  }
  return text;
}

function removeOld(directory: string): void {
  const oldest = Date.now() - keptForDays * 24 * 3600 * 1000;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (written !== undefined && written < oldest) {
      rmSync(path, { force: true });
    }
  }
}

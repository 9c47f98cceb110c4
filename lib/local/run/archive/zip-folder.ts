import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';

/** Zips a folder without compression, since the zip stays on this machine. The same content gives the same bytes. */
export function zipFolder(directory: string): Uint8Array {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return zipSync(Object.fromEntries(files.map((file) => [relative(directory, file), readFileSync(file)])), {
    level: 0,
    mtime: '1980-01-01',
  });
}

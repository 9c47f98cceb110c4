import { execFileSync } from 'node:child_process';
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The files below a folder whose bytes contain one of some texts, also compressed with gzip or zstd, as layers are.
 * @param since files that have not changed since then are passed over: they cannot contain a text that is newer
 */
export function filesWith(folder: string, texts: readonly string[], since: Date): readonly string[] {
  return filesBelow(folder).filter((file) => {
    const content = readContent(file, since);
    return content !== undefined && texts.some((text) => content.includes(text));
  });
}

/** Without folders that a server removes in the meantime: a recursive readdir fails when it meets one. */
function filesBelow(folder: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return [];
    }
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

/** Undefined for an older file, and for one that a server has removed in the meantime. */
function readContent(file: string, since: Date): Buffer | undefined {
  let bytes: Buffer;
  try {
    const { size, ctime } = statSync(file);
    if (ctime < since) {
      return undefined;
    }
    // Larger than a layer of any image in these tests.
    if (size > 2 ** 30) {
      throw new Error(`${file} is too large to be searched`);
    }
    bytes = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  const magic = bytes.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b')) {
    return Buffer.concat([bytes, gunzip(bytes)]);
  }
  if (magic === '28b52ffd') {
    return Buffer.concat([bytes, unzstd(file)]);
  }
  return bytes;
}

function unzstd(file: string): Buffer {
  try {
    return execFileSync('zstd', ['--decompress', '--stdout', file], { maxBuffer: 2 ** 30, stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) {
      // zstd itself could not run.
      throw error;
    }
    // As below: zstd gives up on a file that is not whole.
    return Buffer.alloc(0);
  }
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    // A file that is being written, or one that only begins like gzip: its own bytes are searched.
    return Buffer.alloc(0);
  }
}

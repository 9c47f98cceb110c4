import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The files below a folder whose bytes contain one of some texts, also compressed with gzip or zstd, as layers are.
 * @param since files that have not changed since then are passed over: they cannot contain a text that is newer
 */
export function filesWith(folder: string, texts: readonly string[], since: Date): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readContent(file, since);
      return content !== undefined && texts.some((text) => content.includes(text));
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
    return execFileSync('zstd', ['--decompress', '--stdout', file], { maxBuffer: 2 ** 30 });
  }
  return bytes;
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    // A file that is being written, or one that only begins like gzip: its own bytes are searched.
    return Buffer.alloc(0);
  }
}

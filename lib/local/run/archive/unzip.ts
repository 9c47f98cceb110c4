import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { readUnixModes, unixModes } from './read-zip-modes';

/**
 * Unpacks a zip into a folder, with the symbolic links that a source has, and what may be run.
 * @throws Error when it holds a path outside of itself
 */
export function unpack(zip: Uint8Array, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const modes = readUnixModes(zip);
  const links: (readonly [path: string, target: string])[] = [];
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(directory, normalize(name));
    if (normalize(name).startsWith('..') || name.startsWith('/')) {
      throw new Error(`an artifact holds a path outside of itself: ${name}`);
    }
    const mode = modes.get(name) ?? 0;
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if ((mode & unixModes.kind) === unixModes.link) {
      links.push([path, Buffer.from(content).toString('utf8')]);
    } else if (!name.endsWith('/')) {
      writeFileSync(path, content, { mode: mode & unixModes.runnable ? 0o755 : 0o644 });
    }
  }
  // Last of all: nothing is ever written through a link.
  for (const [path, target] of links) {
    symlinkSync(target, path);
  }
}

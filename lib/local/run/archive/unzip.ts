import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { readUnixModes, unixModes } from './read-zip-modes';

/**
 * Unzips into a folder. Keeps symbolic links and executable files.
 * @throws Error when an entry's path is outside the folder
 */
export function unzip(zip: Uint8Array, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const modes = readUnixModes(zip);
  const links: (readonly [path: string, target: string])[] = [];
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(directory, normalize(name));
    if (normalize(name).startsWith('..') || name.startsWith('/')) {
      throw new Error(`the artifact has an entry outside its folder: ${name}`);
    }
    const mode = modes.get(name) ?? 0;
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if ((mode & unixModes.typeMask) === unixModes.link) {
      links.push([path, Buffer.from(content).toString('utf8')]);
    } else if (!name.endsWith('/')) {
      writeFileSync(path, content, { mode: mode & unixModes.executable ? 0o755 : 0o644 });
    }
  }
  // Create links last, so that no file is written through a link.
  for (const [path, target] of links) {
    symlinkSync(target, path);
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { badInput } from '../errors';
import type { Files } from './fill-template';

/** Maximum depth of this program below the folder that contains templates/: dist/bowline/chunks of a checkout. */
const maxDepth = 4;

/** The path of a file beside templates/: in a checkout its root, in the npm package dist/package, for a bundle the folder above it. @throws BowlineError `input` */
export function packagePath(path: string): string {
  let directory = __dirname;
  for (let level = 0; level <= maxDepth; level++) {
    if (existsSync(join(directory, 'templates', 'platform'))) {
      return join(directory, path);
    }
    directory = dirname(directory);
  }
  throw badInput('input', 'templates/ not found beside this program: use a checkout or the npm package of Bowline');
}

/** Reads a template. A leading `_` in a file name stands for a dot, since npm leaves some dotfiles out of a package. */
export function readTemplate(name: string): Files {
  const folder = packagePath(join('templates', name));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [withDot(relative(folder, file)), readFileSync(file, 'utf8')]));
}

function withDot(path: string): string {
  return path
    .split('/')
    .map((part) => part.replace(/^_/, '.'))
    .join('/');
}

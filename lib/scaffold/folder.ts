import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { InputError } from '../process/input-error';
import type { Files } from './fill';

/** Deepest place of this program below the folder that holds templates/: dist/bowline/chunks of a checkout. */
const climb = 4;

/** A file that lies where templates/ and cdk.json lie: in a checkout its root, in the npm package dist/package, for a bundle above it. @throws InputError */
export function besideTemplates(path: string): string {
  let directory = __dirname;
  for (let level = 0; level <= climb; level++) {
    if (existsSync(join(directory, 'templates', 'platform'))) {
      return join(directory, path);
    }
    directory = dirname(directory);
  }
  throw new InputError('there are no templates beside this program: use a checkout or the npm package of Bowline');
}

/** Reads a template. A leading `_` of a name stands for a dot: npm would not take some dotfiles along. */
export function readTemplate(name: string): Files {
  const folder = besideTemplates(join('templates', name));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [dotted(relative(folder, file)), readFileSync(file, 'utf8')]));
}

function dotted(path: string): string {
  return path
    .split('/')
    .map((part) => part.replace(/^_/, '.'))
    .join('/');
}

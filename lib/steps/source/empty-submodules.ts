import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gitCommand, run } from '../../process';

/** Submodules of submodules are followed to this depth. */
const maxDepth = 8;

/**
 * The submodules of a checkout that are empty, with those of submodules. An archive, which is no repository of git, has nothing but `.gitmodules`
 * to tell them from other folders.
 * @returns paths relative to the checkout, sorted
 */
export async function findEmptySubmodules(checkout: string, depth = 1): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of await listedPaths(checkout)) {
    const folder = join(checkout, path);
    if (isEmpty(folder)) {
      found.push(path);
    } else if (depth < maxDepth) {
      found.push(...(await findEmptySubmodules(folder, depth + 1)).map((inner) => `${path}/${inner}`));
    }
  }
  return found.sort();
}

async function listedPaths(checkout: string): Promise<readonly string[]> {
  const file = join(checkout, '.gitmodules');
  if (!existsSync(file)) {
    return [];
  }
  const words = ['config', '--file', file, '-z', '--get-regexp', '^submodule\\..*\\.path$'];
  const { stdout } = await run(gitCommand(words, { directory: '/', timeoutSeconds: 60 }));
  return stdout
    .split('\0')
    .map((field) => posix.normalize(field.slice(field.indexOf('\n') + 1)).replace(/\/+$/, ''))
    .filter(
      (path) => path !== '' && path !== '.' && !path.startsWith('../') && path !== '..' && !posix.isAbsolute(path),
    );
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).every((name) => name === '.git');
  } catch {
    return true;
  }
}

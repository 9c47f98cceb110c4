import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Every source of the checkout that a file imports, directly or through others, static or dynamic, and the file itself. Paths are relative to the root. */
export function importsOf(root: string, file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [join(root, file)];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const name = relative(root, path);
    if (!found.has(name)) {
      found.add(name);
      const text = readFileSync(path, 'utf8');
      const targets = [...text.matchAll(/(?:from|import\(|import|require\()\s*'(\.[^']*)'/g)].map(
        ([, target = '']) => target,
      );
      open.push(
        ...targets.map((target) => source(resolve(dirname(path as string), target))).filter((each) => each !== ''),
      );
    }
  }
  return found;
}

function source(path: string): string {
  const candidates = [`${path}.ts`, join(path, 'index.ts'), path];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile()) ?? '';
}

import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { badInput } from '../errors';
import { embedPatterns, type SourceFacts } from '../image';

/** Folders that hold no source of this module. */
const skipped = new Set(['.git', 'vendor', 'node_modules', 'testdata', 'cdk.out']);

/**
 * Reads what a recipe needs to know of a checkout.
 * @param directory folder of go.mod
 * @throws BowlineError `recipe` when there is no go.mod
 */
export function readSource(directory: string): SourceFacts {
  const goMod = join(directory, 'go.mod');
  if (!existsSync(goMod)) {
    throw badInput('recipe', `there is no go.mod in ${directory}: say in source.directory where the module is`);
  }
  const hasVendor = existsSync(join(directory, 'vendor', 'modules.txt'));
  return {
    goMod: readFileSync(goMod, 'utf8'),
    hasGoSum: existsSync(join(directory, 'go.sum')),
    hasVendor,
    embeds: [
      ...embedsBelow(directory, directory),
      ...(hasVendor ? embedsBelow(directory, join(directory, 'vendor')) : []),
    ],
  };
}

function* embedsBelow(root: string, directory: string): Generator<SourceFacts['embeds'][number]> {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const patterns = entries
    .filter((entry) => isFile(entry, directory) && entry.name.endsWith('.go') && !entry.name.endsWith('_test.go'))
    .flatMap((entry) => embedPatterns(readFileSync(join(directory, entry.name), 'utf8')));
  if (patterns.length > 0) {
    yield {
      directory: relative(root, directory).replaceAll('\\', '/') || '.',
      patterns: [...new Set(patterns)].sort(),
    };
  }
  for (const entry of entries) {
    if (entry.isDirectory() && !skipped.has(entry.name)) {
      yield* embedsBelow(root, join(directory, entry.name));
    }
  }
}

/** A link to a file is a source like another. */
function isFile(entry: Dirent, directory: string): boolean {
  return (
    entry.isFile() ||
    (entry.isSymbolicLink() && statSync(join(directory, entry.name), { throwIfNoEntry: false })?.isFile() === true)
  );
}

import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { badInput } from '../errors';
import { parseEmbedPatterns, type SourceInfo } from '../image';

/** Folders without source of this module. */
const skippedFolders = new Set(['.git', 'vendor', 'node_modules', 'testdata', 'cdk.out']);

/**
 * Reads the facts about a checkout that the image recipe depends on.
 * @param directory folder of go.mod
 * @throws BowlineError `recipe` when there is no go.mod
 */
export function readSource(directory: string): SourceInfo {
  const goMod = join(directory, 'go.mod');
  if (!existsSync(goMod)) {
    throw badInput('recipe', `there is no go.mod in ${directory}: set source.directory to the folder of the module`);
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

function* embedsBelow(root: string, directory: string): Generator<SourceInfo['embeds'][number]> {
  const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  const patterns = entries
    .filter((entry) => isFile(entry, directory) && entry.name.endsWith('.go') && !entry.name.endsWith('_test.go'))
    .flatMap((entry) => parseEmbedPatterns(readFileSync(join(directory, entry.name), 'utf8')));
  if (patterns.length > 0) {
    yield {
      directory: relative(root, directory).replaceAll('\\', '/') || '.',
      patterns: [...new Set(patterns)].sort(),
    };
  }
  for (const entry of entries) {
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) {
      yield* embedsBelow(root, join(directory, entry.name));
    }
  }
}

/** A file, or a link to one. */
function isFile(entry: Dirent, directory: string): boolean {
  return (
    entry.isFile() ||
    (entry.isSymbolicLink() && statSync(join(directory, entry.name), { throwIfNoEntry: false })?.isFile() === true)
  );
}

import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLayout, joinPaths, type SourceFacts } from '../../image';
import { type Digest, digestOf } from '../../values';

/**
 * Hashes the files of the source that decide which modules are built: go.mod and go.sum of its modules, go.work and go.work.sum of the workspace, and
 * vendor/modules.txt. Symbolic links are left out: they could lead out of the source.
 * @param checkout the root of the service's repository
 * @returns sha256 by path, relative to the checkout
 */
export function hashModuleFiles(checkout: string, facts: SourceFacts): Readonly<Record<string, Digest>> {
  const { workspace, vendored } = buildLayout(facts);
  const modules = facts.localModules.filter(({ kind, needed }) => kind === 'main' || needed);
  const candidates = [
    ...modules.flatMap(({ directory }) => [joinPaths(directory, 'go.mod'), joinPaths(directory, 'go.sum')]),
    ...(workspace && facts.workspace !== undefined
      ? [facts.workspace.file, joinPaths(facts.workspace.directory, 'go.work.sum')]
      : []),
    ...(vendored && facts.vendor !== undefined ? [joinPaths(facts.vendor.directory, 'modules.txt')] : []),
  ];
  const files = [...new Set(candidates)].sort().filter((path) => isRegularFile(join(checkout, path)));
  return Object.fromEntries(files.map((path) => [path, digestOf(readFileSync(join(checkout, path)))]));
}

function isRegularFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

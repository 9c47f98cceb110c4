import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun } from '../lib/process';
import { cacheDirectory, pinsDirectory } from '../lib/tools';

/** The version of a Go module in tools/go/<module>/go.mod. @throws Error if go.mod does not require the module */
export function requiredVersion(module: string, path: string): string {
  const file = join(moduleDirectory(module), 'go.mod');
  const version = parseRequirement(readFileSync(file, 'utf8'), path);
  if (version === undefined) {
    throw new Error(`${file} does not require ${path}`);
  }
  return version;
}

/** Finds the version of a Go module in the `require` lines of a go.mod. */
export function parseRequirement(goMod: string, path: string): string | undefined {
  for (const line of goMod.split('\n')) {
    const [name, version] = line
      .replace(/^require\s+/, '')
      .trim()
      .split(/\s+/);
    if (name === path && !line.includes('=>')) {
      return version;
    }
  }
  return undefined;
}

/**
 * Copies files of a module at its pinned version to the tool cache. Only the first bring-up with a pin needs the module and the network; go.sum
 * verifies the download.
 * @returns the directory with the files
 */
export async function cachePinnedFiles(module: string, path: string, files: readonly string[]): Promise<string> {
  const name = `${path.replaceAll('/', '_')}-${requiredVersion(module, path)}`;
  return cacheFiles(join(cacheDirectory(), 'sources', name), files, () => downloadModule(module, path));
}

/** Copies files to a cache directory. Calls `source` only if a file is missing. A file in the cache is always complete. */
export async function cacheFiles(
  cache: string,
  files: readonly string[],
  source: () => Promise<string>,
): Promise<string> {
  const missing = files.filter((file) => !existsSync(join(cache, file)));
  if (missing.length === 0) {
    return cache;
  }
  const from = await source();
  for (const file of missing) {
    const path = join(cache, file);
    const temporary = `${path}.part-${process.pid}`;
    mkdirSync(dirname(path), { recursive: true });
    // Read and write instead of a copy: files of the module cache are read-only, and these must be removable.
    writeFileSync(temporary, readFileSync(join(from, file)));
    renameSync(temporary, path);
  }
  return cache;
}

/** Downloads a module at its pinned version unless it is in Go's cache, and verifies it with go.sum. Returns the directory of its source. */
export async function downloadModule(module: string, path: string): Promise<string> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['mod', 'download', '-json', path],
    directory: moduleDirectory(module),
    environment: {
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      // These need a newer Go than the others.
      ...(['argocd', 'manifest-schemas'].includes(module) ? { GOTOOLCHAIN: 'go1.27.3' } : {}),
    },
    timeoutSeconds: 300,
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

function moduleDirectory(module: string): string {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('the lab runs only from a checkout: tools/go pins its tools');
  }
  return join(pins, 'go', module);
}

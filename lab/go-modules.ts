import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun } from '../lib/process';
import { cacheDirectory, pinsDirectory } from '../lib/tools';

function moduleDirectory(module: string): string {
  const pins = pinsDirectory();
  if (pins === undefined) {
    throw new Error('the lab runs from a checkout only: its tools are pinned in tools/go');
  }
  return join(pins, 'go', module);
}

/** The version that tools/go/<module>/go.mod requires of a Go module. @throws Error when it requires none */
export function requiredVersion(module: string, path: string): string {
  const file = join(moduleDirectory(module), 'go.mod');
  const version = parseRequirement(readFileSync(file, 'utf8'), path);
  if (version === undefined) {
    throw new Error(`${file} does not require ${path}`);
  }
  return version;
}

/** The version in the `require` lines of a go.mod. */
export function parseRequirement(goMod: string, path: string): string | undefined {
  const line = goMod.split('\n').find(
    (candidate) =>
      candidate
        .replace(/^require\s+/, '')
        .trim()
        .split(/\s+/)[0] === path && !candidate.includes('=>'),
  );
  return line
    ?.replace(/^require\s+/, '')
    .trim()
    .split(/\s+/)[1];
}

/**
 * Files of a module at its pinned version. They are kept beside the compiled tools: only the first bring-up of a pin needs the module, its cache and
 * the network; go.sum holds what is downloaded to the pin.
 * @returns the folder that holds them
 */
export async function pinnedFiles(module: string, path: string, files: readonly string[]): Promise<string> {
  const name = `${path.replaceAll('/', '_')}-${requiredVersion(module, path)}`;
  return keptFiles(join(cacheDirectory(), 'sources', name), files, () => sourcesOf(module, path));
}

/** Copies the files of a folder that is asked for only where one of them is missing: beside first, so that one that is there is whole. */
export async function keptFiles(
  kept: string,
  files: readonly string[],
  source: () => Promise<string>,
): Promise<string> {
  const missing = files.filter((file) => !existsSync(join(kept, file)));
  const from = missing.length === 0 ? '' : await source();
  for (const file of missing) {
    const path = join(kept, file);
    const beside = `${path}.part-${process.pid}`;
    mkdirSync(dirname(path), { recursive: true });
    // The module cache allows nobody to write; what is kept here may be deleted.
    writeFileSync(beside, readFileSync(join(from, file)));
    renameSync(beside, path);
  }
  return kept;
}

/** The folder of a module's sources at its pinned version, held against go.sum; downloaded where Go's cache lacks it. */
export async function sourcesOf(module: string, path: string): Promise<string> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['mod', 'download', '-json', path],
    directory: moduleDirectory(module),
    environment: {
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      ...(module === 'argocd' ? { GOTOOLCHAIN: 'go1.27.3' } : {}),
    },
    timeoutSeconds: 300,
  });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

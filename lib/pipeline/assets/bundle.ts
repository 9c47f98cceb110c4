import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureContentFolder } from './content-folder';

/** The folder that a pipeline runs: the bundled command line and the catalog. */
export interface Bundle {
  readonly path: string;
  /** {@link folderHash} of the folder. Every step compares it with what it was given, before it runs the program. */
  readonly hash: string;
}

/**
 * Creates the bundle of a catalog. Its name is the hash of its content; creating it needs no network.
 * @param catalog folder with platform.yaml, services/ and keys/
 * @param program folder with bowline.mjs and its chunks; by default the one of the package
 * @throws Error if the program folder has no bundled command line
 */
export function createBundle(catalog: string, program = bundledProgram()): Bundle {
  if (!existsSync(join(program, 'bowline.mjs'))) {
    throw new Error(`found no bundled command line (bowline.mjs) in ${program}: run "npm run bundle"`);
  }
  const contents = new Map<string, Buffer>();
  for (const file of filesBelow(program)) {
    contents.set(relative(program, file), readFileSync(file));
  }
  for (const file of catalogFiles(catalog)) {
    contents.set(join('catalog', relative(catalog, file)), readFileSync(file));
  }
  // The bundler's cache key identifies its input, not its output.
  contents.delete('KEY');
  const hash = folderHash(contents);
  return { path: ensureContentFolder({ kind: 'bundle', hash, files: contents }), hash };
}

/**
 * The sha256, in hexadecimal, of what `sha256sum` prints for all files, sorted by the bytes of their paths: a buildspec computes the same with
 * programs that every build image has (`verifyFolder`).
 * @param files bytes by path, without a leading "./"
 */
export function folderHash(files: ReadonlyMap<string, Uint8Array>): string {
  const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
  const lines = [...files]
    .map(([name, bytes]) => ({ path: `./${name}`, sum: sha256(bytes) }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
    .map(({ path, sum }) => `${sum}  ${path}\n`);
  return sha256(lines.join(''));
}

/** A checkout bundles its own sources if they changed. The npm package contains the bundle. */
function bundledProgram(): string {
  const root = join(__dirname, '..', '..', '..');
  const bundler = join(root, 'tools', 'bundle.mjs');
  if (existsSync(bundler)) {
    execFileSync(process.execPath, [bundler], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return join(root, 'dist', 'bowline');
}

/** Lists platform.yaml, accepted-risks.yaml, services/*.yaml and keys/*.pub. No other file of the folder leaves this machine. */
function catalogFiles(catalog: string): readonly string[] {
  return filesBelow(catalog).filter((file) =>
    /^(?:platform\.ya?ml|accepted-risks\.yaml|services\/[^/]+\.ya?ml|keys\/[^/]+\.pub)$/.test(relative(catalog, file)),
  );
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureContentFolder } from './content-folder';

/** A folder that a pipeline reads: the bundled command line, or a catalog. Its name is the hash of its content; creating it needs no network. */
export interface Bundle {
  readonly path: string;
  /** {@link folderHash} of the folder. Every step compares it with what it was given, before it runs the program. */
  readonly hash: string;
}

/**
 * Creates the folder of the command line, which all pipelines share.
 * @param program folder with bowline.mjs and its chunks; by default the one of the package
 * @throws Error if the program folder has no bundled command line
 */
export function createProgramBundle(program = bundledProgram()): Bundle {
  if (!existsSync(join(program, 'bowline.mjs'))) {
    throw new Error(`found no bundled command line (bowline.mjs) in ${program}: run "npm run bundle"`);
  }
  const contents = new Map<string, Buffer>();
  for (const file of filesBelow(program)) {
    contents.set(relative(program, file), readFileSync(file));
  }
  // The bundler's cache key identifies its input, not its output.
  contents.delete('KEY');
  return createBundle('bundle', contents);
}

/** Creates a folder with these files. @param kind what it is for; part of its path */
export function createBundle(kind: 'bundle' | 'catalog', files: ReadonlyMap<string, Uint8Array>): Bundle {
  const hash = folderHash(files);
  return { path: ensureContentFolder({ kind, hash, files }), hash };
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

/** Lists the files of a folder, with their paths, sorted. */
export function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export interface Bundle {
  readonly path: string;
  /** sha256 over names and bytes of what the folder holds. */
  readonly hash: string;
}

/**
 * The folder that the pipeline runs: the bundled command line and the catalog. Content-addressed, made without network.
 * @param catalog folder of platform.yaml, services/ and keys/
 * @param program folder of bowline.mjs and its chunks; default: the package's own
 * @throws Error when there is no bundled command line
 */
export function bundleDirectory(catalog: string, program = bundledProgram()): Bundle {
  if (!existsSync(join(program, 'bowline.mjs'))) {
    throw new Error(`there is no bundled command line (bowline.mjs) in ${program}: run "npm run bundle"`);
  }
  const files = new Map([
    ...filesBelow(program).map((file): [string, string] => [relative(program, file), file]),
    ...catalogFiles(catalog).map((file): [string, string] => [join('catalog', relative(catalog, file)), file]),
  ]);
  // The bundler's own stamp is about sources, not about what came out of them.
  files.delete('KEY');
  const sum = createHash('sha256');
  for (const [name, file] of files) {
    sum
      .update(name)
      .update('\0')
      .update(createHash('sha256').update(readFileSync(file)).digest());
  }
  const hash = sum.digest('hex');
  const path = join(tmpdir(), `bowline-bundle-${process.getuid?.() ?? 0}`, hash.slice(0, 24));
  if (!existsSync(path)) {
    place(files, path);
  }
  return { path, hash };
}

function place(files: ReadonlyMap<string, string>, path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = mkdtempSync(`${path}.`);
  for (const [name, file] of files) {
    cpSync(file, join(beside, name), { recursive: true });
  }
  try {
    renameSync(beside, path);
  } catch {
    // Another synth has made the same content meanwhile.
    rmSync(beside, { recursive: true, force: true });
  }
}

/** A checkout bundles its own sources, and does so only when they changed; the npm package ships the bundle ready-made. */
function bundledProgram(): string {
  const root = join(__dirname, '..', '..');
  const bundler = join(root, 'tools', 'bundle.mjs');
  if (existsSync(bundler)) {
    execFileSync(process.execPath, [bundler], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return join(root, 'dist', 'bowline');
}

/** platform.yaml, accepted-risks.yaml, services/*.yaml and keys/*.pub: nothing else of the folder leaves this machine. */
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

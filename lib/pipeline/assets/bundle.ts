import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureContentFolder } from './content-folder';

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
export function createBundle(catalog: string, program = bundledProgram()): Bundle {
  if (!existsSync(join(program, 'bowline.mjs'))) {
    throw new Error(`there is no bundled command line (bowline.mjs) in ${program}: run "npm run bundle"`);
  }
  const files = new Map([
    ...filesBelow(program).map((file): [string, string] => [relative(program, file), file]),
    ...catalogFiles(catalog).map((file): [string, string] => [join('catalog', relative(catalog, file)), file]),
  ]);
  // The bundler's own stamp is about sources, not about what came out of them.
  files.delete('KEY');
  const contents = new Map([...files].map(([name, file]): [string, Buffer] => [name, readFileSync(file)]));
  const sum = createHash('sha256');
  for (const [name, bytes] of contents) {
    sum.update(name).update('\0').update(createHash('sha256').update(bytes).digest());
  }
  const hash = sum.digest('hex');
  return { path: ensureContentFolder('bundle', hash, contents), hash };
}

/** A checkout bundles its own sources, and does so only when they changed; the npm package ships the bundle ready-made. */
function bundledProgram(): string {
  const root = join(__dirname, '..', '..', '..');
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

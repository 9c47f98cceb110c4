// Builds dist/package, the content of the npm package: compiled sources with types, the bundle, pins and templates. The layout is that of a
// checkout, so that the same paths work in both. `npm pack` runs it. Uses no network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist', 'package');
const partial = `${out}.${process.pid}.part`;
/** Copied unchanged: the pins of the tools (for `bowline run`), and the files that `bowline init` and `bowline new service` write. */
const copied = [
  'tools/go',
  'tools/python',
  'tools/advisories',
  'tools/local-aws',
  'templates',
  'examples/hello',
  'cdk.json',
];

function key(bundleKey) {
  const hash = createHash('sha256').update(bundleKey);
  const files = [...copied.flatMap((path) => filesBelow(join(root, path))), join(root, 'tsconfig.package.json')];
  for (const path of [...files, fileURLToPath(import.meta.url)]) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) {
    return [];
  }
  if (statSync(path).isFile()) {
    return [path];
  }
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const program = bundle();
await program.done;
const stamp = join(out, 'KEY');
const currentKey = key(program.key);
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== currentKey) {
  rmSync(partial, { recursive: true, force: true });
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'tsc'),
    ['--project', join(root, 'tsconfig.package.json'), '--outDir', partial],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    process.stderr.write('the sources do not compile: the errors are above\n');
    process.exit(1);
  }
  for (const path of copied) {
    cpSync(join(root, path), join(partial, path), {
      recursive: true,
      filter: (from) => !/\/(?:__pycache__|node_modules)$/.test(from),
    });
  }
  cpSync(program.out, join(partial, 'dist', 'bowline'), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(partial, 'package.json'), `${JSON.stringify({ version, type: 'commonjs' })}\n`);
  writeFileSync(join(partial, 'KEY'), currentKey);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === currentKey) {
    // Another process has built the same package in the meantime, and may be reading it.
    rmSync(partial, { recursive: true, force: true });
  } else {
    rmSync(out, { recursive: true, force: true });
    renameSync(partial, out);
  }
}

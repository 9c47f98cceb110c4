// Makes dist/package, what the npm package runs: compiled sources with their types, the ready bundle, pins and templates, laid out as a checkout is,
// so that a path which holds in one holds in the other. `npm pack` calls it. No network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'dist', 'package');
const beside = `${out}.${process.pid}.part`;
/** Taken along as they are: pins of the tools (for `bowline run`), and what `bowline init` writes. */
const taken = ['tools/go', 'tools/python', 'tools/advisories', 'tools/local-aws', 'templates', 'cdk.json'];

function key(bundleKey) {
  const hash = createHash('sha256').update(bundleKey);
  const files = [...taken.flatMap((path) => filesBelow(join(root, path))), join(root, 'tsconfig.package.json')];
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
const now = key(program.key);
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== now) {
  rmSync(beside, { recursive: true, force: true });
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'tsc'),
    ['--project', join(root, 'tsconfig.package.json'), '--outDir', beside],
    { cwd: root, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) {
    rmSync(beside, { recursive: true, force: true });
    process.stderr.write('the sources do not compile: see above\n');
    process.exit(1);
  }
  for (const path of taken) {
    cpSync(join(root, path), join(beside, path), {
      recursive: true,
      filter: (from) => !/\/(?:__pycache__|node_modules)$/.test(from),
    });
  }
  cpSync(program.out, join(beside, 'dist', 'bowline'), { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(beside, 'package.json'), `${JSON.stringify({ version, type: 'commonjs' })}\n`);
  writeFileSync(join(beside, 'KEY'), now);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    // Another process has made the same meanwhile, and may be reading it.
    rmSync(beside, { recursive: true, force: true });
  } else {
    rmSync(out, { recursive: true, force: true });
    renameSync(beside, out);
  }
}

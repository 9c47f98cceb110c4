// Bundles the command line into dist/bowline, as ES modules in chunks, so that --help loads little. Uses no network.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function* filesBelow(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      yield* filesBelow(path);
    } else if (/\.(?:ts|json|mjs)$/.test(entry.name)) {
      yield path;
    }
  }
}

/** sha256 of every input of the bundle. */
export function bundleKey() {
  const hash = createHash('sha256');
  const inputs = ['bin', 'lib', 'charts'].flatMap((folder) => [...filesBelow(join(root, folder))]);
  for (const path of [
    ...inputs,
    join(root, 'package.json'),
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ]) {
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

/** Builds dist/bowline unless it exists for these sources. */
export function bundle() {
  const out = join(root, 'dist', 'bowline');
  const stamp = join(out, 'KEY');
  const key = bundleKey();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) {
    return { out, key, fresh: false };
  }
  return { out, key, fresh: true, done: build(out, key) };
}

async function build(out, key) {
  const { build: esbuild } = await import('esbuild');
  const partial = `${out}.${process.pid}.part`;
  rmSync(partial, { recursive: true, force: true });
  await esbuild({
    absWorkingDir: root,
    entryPoints: { bowline: 'bin/bowline.ts' },
    outdir: partial,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    // Only commands of a checkout use these packages: a pipeline neither synthesizes nor runs locally. Everything else is bundled, since a CodeBuild
    // job has no npm packages.
    external: [
      'aws-cdk-lib',
      'aws-cdk-lib/*',
      'esbuild',
      '@aws-sdk/client-codebuild',
      '@aws-sdk/client-codepipeline',
      'fflate',
    ],
    define: {
      'process.env.BOWLINE_VERSION': JSON.stringify(
        JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
      ),
    },
    banner: {
      js: "import { createRequire as bowlineRequire } from 'node:module'; const require = bowlineRequire(import.meta.url); import { dirname as bowlineDirname } from 'node:path'; import { fileURLToPath as bowlineFile } from 'node:url'; const __filename = bowlineFile(import.meta.url); const __dirname = bowlineDirname(__filename);",
    },
    logLevel: 'warning',
  });
  writeFileSync(join(partial, 'KEY'), key);
  const stamp = join(out, 'KEY');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) {
    // Another process has built the same bundle in the meantime, and may be reading it.
    rmSync(partial, { recursive: true, force: true });
    return;
  }
  rmSync(out, { recursive: true, force: true });
  mkdirSync(dirname(out), { recursive: true });
  renameSync(partial, out);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const result = bundle();
  await result.done;
  process.stderr.write(`${relative(process.cwd(), result.out)}: ${result.fresh ? 'bundled' : 'up to date'}\n`);
}

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, writeFileAtomic } from '../../process';

/**
 * Synthesizes the CDK app of a catalog into `assembly`, unless the assembly is up to date with these sources.
 * @param root the checkout, whose `bin/cdk.ts` runs as in `cdk synth`, or the npm package, where it is compiled
 */
export async function synthesize(
  root: string,
  catalog: string,
  assembly: string,
): Promise<{ readonly fresh: boolean }> {
  const stamp = join(assembly, '..', 'assembly.key');
  const key = keyOf(root, catalog);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key && existsSync(join(assembly, 'manifest.json'))) {
    return { fresh: false };
  }
  const context = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context as unknown;
  const compiled = join(root, 'bin', 'cdk.js');
  await mustRun({
    program: process.execPath,
    arguments: existsSync(compiled) ? [compiled] : ['--require', 'tsx/cjs', join(root, 'bin', 'cdk.ts')],
    directory: root,
    environment: {
      BOWLINE_CATALOG: catalog,
      CDK_OUTDIR: assembly,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      CDK_VALIDATION: 'false',
    },
    timeoutSeconds: 300,
  });
  writeFileAtomic(stamp, key);
  return { fresh: true };
}

function keyOf(root: string, catalog: string): string {
  const hash = createHash('sha256');
  const files = [
    ...['bin', 'lib', 'charts', 'tools'].flatMap((folder) => listSources(join(root, folder))),
    ...listSources(catalog),
    ...['cdk.json', 'package.json', 'package-lock.json'].map((name) => join(root, name)).filter(existsSync),
  ];
  for (const file of files.sort()) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function listSources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|js|mjs|ya?ml|pub)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

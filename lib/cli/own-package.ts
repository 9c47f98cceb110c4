import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { badInput } from '../errors';
import { mustRun } from '../process';
import { packagePath } from '../scaffold';

/** The npm package that contains this program: a checkout or an installed package. @throws BowlineError `input` */
function ownPackage(): { readonly directory: string; readonly version: string } {
  let directory = packagePath('');
  for (let level = 0; level < 3; level++) {
    const file = join(directory, 'package.json');
    const manifest = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: string; readonly version: string })
      : undefined;
    if (manifest?.name === 'bowline') {
      return { directory, version: manifest.version };
    }
    directory = dirname(directory);
  }
  throw badInput('input', 'this program is not part of an npm package: name the package to install with --bowline');
}

/** The file name that `npm pack` gives this package. */
export function packedName(): string {
  return `bowline-${ownPackage().version}.tgz`;
}

/** Packs this package into a folder. A checkout is built first; an installed package is already built. @throws ProgramError */
export async function packInto(folder: string): Promise<void> {
  const { directory } = ownPackage();
  const built = existsSync(join(directory, 'tools', 'package.mjs')) ? [] : ['--ignore-scripts'];
  await mustRun({
    program: 'npm',
    arguments: ['pack', '--silent', ...built, '--pack-destination', folder],
    directory,
    timeoutSeconds: 300,
  });
}

/** cdk.json of a new app, with the feature flags of this package. */
export function cdkConfiguration(): string {
  const own = JSON.parse(readFileSync(packagePath('cdk.json'), 'utf8')) as object;
  return `${JSON.stringify({ ...own, app: 'npx tsx bin/cdk.ts', output: 'cdk.out' }, null, 2)}\n`;
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun } from '../process';
import { besideTemplates } from '../scaffold';
import { InputError } from './fail';

/** The folder of the npm package that this program is part of: a checkout, or an installed package. @throws InputError */
function ownPackage(): { readonly directory: string; readonly version: string } {
  let directory = besideTemplates('');
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
  throw new InputError('this program is part of no npm package: say with --bowline what npm shall install');
}

/** What `npm pack` will call this package. */
export function packedName(): string {
  return `bowline-${ownPackage().version}.tgz`;
}

/** Packs this very package into a folder: a checkout is built first, an installed package is there ready-made. @throws ProgramError */
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

/** cdk.json of an app of its own, with every recommended feature flag as this package sets them. */
export function cdkConfiguration(): string {
  const own = JSON.parse(readFileSync(besideTemplates('cdk.json'), 'utf8')) as object;
  return `${JSON.stringify({ ...own, app: 'npx tsx bin/cdk.ts', output: 'cdk.out' }, null, 2)}\n`;
}

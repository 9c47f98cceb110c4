import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(__dirname, '..', '..');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function manifestOf(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** Packs this checkout with `npm pack`. @returns the tarball, in a new folder that is removed after the tests of the file */
export function pack(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-pack-'));
  directories.push(directory);
  execFileSync('npm', ['pack', '--pack-destination', directory], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const [tarball] = readdirSync(directory);
  return join(directory, tarball as string);
}

/**
 * Installs the package without network: unpacks the tarball and links the dependencies that it and the app declare to this checkout's
 * packages. An undeclared dependency is therefore missing, as it would be on another machine.
 */
export function install(app: string, tarball: string): void {
  const modules = join(app, 'node_modules');
  const own = join(modules, 'bowline');
  mkdirSync(join(modules, '.bin'), { recursive: true });
  mkdirSync(own);
  execFileSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1']);
  const packed = manifestOf(own);
  const declared = manifestOf(app);
  const names = Object.keys({
    ...packed.dependencies,
    ...packed.peerDependencies,
    ...declared.dependencies,
    ...declared.devDependencies,
  });
  for (const name of names.filter((each) => each !== 'bowline')) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  symlinkSync(join('..', 'bowline', 'bin', 'bowline.mjs'), join(modules, '.bin', 'bowline'));
  for (const program of ['cdk', 'cdk8s', 'tsc', 'tsx']) {
    symlinkSync(join(root, 'node_modules', '.bin', program), join(modules, '.bin', program));
  }
}

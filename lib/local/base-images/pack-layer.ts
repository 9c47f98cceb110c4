import { chmodSync, existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../process';

/** User and group of the processes in runtime images. */
export const nonroot = 65532;
const home = './home/nonroot';

/**
 * Packs a folder as a layer. The bytes depend only on file names and contents: files are sorted, with time 0, numeric owners and fixed modes.
 * Root owns all files, except for the home of `nonroot`.
 */
export async function packLayer(root: string, file: string): Promise<void> {
  normalizeModes(root);
  const reproducible = ['--sort=name', '--mtime=@0', '--numeric-owner', '--format=gnu', '-C', root];
  const tar = (...words: readonly string[]) =>
    mustRun({ program: 'tar', arguments: words, environment: { LC_ALL: 'C' }, timeoutSeconds: 300 });
  await tar('-c', '-f', file, '--owner=0', '--group=0', `--exclude=${home}`, ...reproducible, '.');
  if (existsSync(join(root, home))) {
    await tar('-r', '-f', file, `--owner=${nonroot}`, `--group=${nonroot}`, ...reproducible, home);
  }
}

/** Sets modes that do not depend on the umask of this machine, without setuid bits. */
function normalizeModes(root: string): void {
  chmodSync(root, 0o755);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) {
      chmodSync(path, 0o755);
    } else if (entry.isFile()) {
      chmodSync(path, lstatSync(path).mode & 0o100 ? 0o755 : 0o644);
    }
  }
  for (const [folder, mode] of [
    ['tmp', 0o1777],
    [home, 0o700],
  ] as const) {
    if (existsSync(join(root, folder))) {
      chmodSync(join(root, folder), mode);
    }
  }
}

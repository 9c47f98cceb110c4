import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * A folder of this user's that holds exactly these files, named by their hash, so that equal content is laid down once.
 * What stands under that name already is looked at, and made anew where it is anything else: a cleaner of /tmp takes single files away, and the
 * folder is uploaded under the hash of what it should hold.
 * @param kind what it is for, part of its name
 * @param files bytes by path
 * @throws Error where the folder above is somebody else's, who could change what was looked at
 */
export function ensureContentFolder(
  kind: string,
  hash: string,
  files: ReadonlyMap<string, Uint8Array>,
  temporary = tmpdir(),
): string {
  const user = process.getuid?.();
  const above = join(temporary, `bowline-${kind}-${user ?? 0}`);
  mkdirSync(above, { recursive: true, mode: 0o700 });
  requireOwn(above, user);
  const path = join(above, hash.slice(0, 24));
  if (holds(path, files)) {
    return path;
  }
  const beside = mkdtempSync(`${path}.`);
  try {
    for (const [name, bytes] of files) {
      const file = join(beside, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    putInPlace(beside, path, files);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return path;
}

/** Another synth may have made the same meanwhile, and read from it already: what is right is left where it is. */
function putInPlace(beside: string, path: string, files: ReadonlyMap<string, Uint8Array>): void {
  try {
    renameSync(beside, path);
  } catch {
    if (!holds(path, files)) {
      rmSync(path, { recursive: true, force: true });
      renameSync(beside, path);
    }
  }
}

/** Owner and mode, where there are such things. */
function requireOwn(path: string, user: number | undefined): void {
  const status = lstatSync(path);
  const { uid, mode } = status;
  if (!status.isDirectory() || (user !== undefined && (uid !== user || (mode & 0o077) !== 0))) {
    throw new Error(
      `${path} must be a folder that this user alone may open (mode 700), and is not: somebody else could change what is uploaded from it. Remove it`,
    );
  }
}

/** Exactly these files, and nothing that leads elsewhere. */
function holds(path: string, files: ReadonlyMap<string, Uint8Array>): boolean {
  let entries: readonly { readonly name: string; readonly isFile: boolean }[];
  try {
    if (!lstatSync(path).isDirectory()) {
      return false;
    }
    entries = readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => ({ name: relative(path, join(entry.parentPath, entry.name)), isFile: entry.isFile() }));
  } catch {
    return false;
  }
  return (
    entries.length === files.size &&
    entries.every(({ name, isFile }) => {
      const bytes = files.get(name);
      return isFile && bytes !== undefined && readFileSync(join(path, name)).equals(bytes);
    })
  );
}

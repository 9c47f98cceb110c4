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

export interface ContentFolder {
  /** What the folder is for. Part of its path. */
  readonly kind: string;
  /** Hash of the files. Names the folder. */
  readonly hash: string;
  /** Bytes of each file by path. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** @default the temporary directory of the system */
  readonly temporary?: string;
}

/**
 * Ensures that a private folder contains exactly these files, and returns its path. The hash names the folder, so equal content is written once.
 *
 * An existing folder with other content is replaced: a cleaner of /tmp removes single files, and the folder is uploaded under the hash of its
 * intended content.
 * @throws Error if another user could change the parent folder
 */
export function ensureContentFolder({ kind, hash, files, temporary = tmpdir() }: ContentFolder): string {
  const user = process.getuid?.();
  const parent = join(temporary, `bowline-${kind}-${user ?? 0}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  requirePrivateFolder(parent, user);
  const path = join(parent, hash.slice(0, 24));
  if (containsExactly(path, files)) {
    return path;
  }
  const staging = mkdtempSync(`${path}.`);
  try {
    for (const [name, bytes] of files) {
      const file = join(staging, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
    moveIntoPlace(staging, path, files);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return path;
}

/** Checks owner and mode, on systems that have them. */
function requirePrivateFolder(path: string, user: number | undefined): void {
  const status = lstatSync(path);
  const { uid, mode } = status;
  if (!status.isDirectory() || (user !== undefined && (uid !== user || (mode & 0o077) !== 0))) {
    throw new Error(
      `${path} must be a folder that only the current user can access (mode 700): otherwise another user could change the files that are uploaded from it. Remove it`,
    );
  }
}

function containsExactly(path: string, files: ReadonlyMap<string, Uint8Array>): boolean {
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
    // A symbolic link is not a file, so links never match.
    entries.every(({ name, isFile }) => {
      const bytes = files.get(name);
      return isFile && bytes !== undefined && readFileSync(join(path, name)).equals(bytes);
    })
  );
}

/** Keeps a correct folder that another process created in the meantime, because that process may already read from it. */
function moveIntoPlace(staging: string, path: string, files: ReadonlyMap<string, Uint8Array>): void {
  try {
    renameSync(staging, path);
  } catch {
    if (!containsExactly(path, files)) {
      rmSync(path, { recursive: true, force: true });
      renameSync(staging, path);
    }
  }
}

import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTemporaryFolder } from '../../process';
import { git } from './run-git';

/** The folder of a clone. */
export interface Clone {
  readonly directory: string;
  /** Identifies the folder, because another process may replace a kept clone. */
  readonly inode: number;
  /** Where the clone is kept. Undefined: it is deleted after use. */
  readonly keptAt?: string;
}

/** The configuration of every clone. git reads it in every command, so that any other text could change where git writes and what it starts. */
const configuration = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

/** Left behind by processes that were killed. */
const abandonedAfterMilliseconds = 24 * 3600 * 1000;
/** No git command of ours runs for longer than minutes. A lock that stays makes every command wait, and lets unused refs pile up. */
const lockAbandonedAfterMilliseconds = 3600 * 1000;

/** Creates an empty clone in the temporary folder. It is removed when this process ends, unless it is removed before. */
export function createTemporaryClone(): Promise<Clone> {
  return createClone(createTemporaryFolder('ledger').path);
}

/** Creates an empty clone beside the kept one, which {@link replaceKeptClone} can replace. */
export async function createReplacement(cache: string, address: string): Promise<Clone> {
  return { ...(await createClone(await mkdtemp(join(cache, 'new-')))), keptAt: keptPath(cache, address) };
}

/**
 * Opens the kept clone of an address, or creates one and renames it into place, so that concurrent processes never see a partial clone. A folder
 * that is not a clone of ours is replaced.
 * @param onReplaced called with the reason
 */
export async function openKeptClone(
  cache: string,
  address: string,
  onReplaced: (directory: string, reason: string) => void,
): Promise<Clone> {
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const path = keptPath(cache, address);
  // Read before the check: what is replaced must be the folder that was checked.
  const checked = await inodeOf(path);
  const problem = await structuralProblem(path);
  if (problem === undefined) {
    return { directory: path, inode: (await stat(path)).ino, keptAt: path };
  }
  const fresh = await createClone(await mkdtemp(join(cache, 'new-')));
  if (problem !== 'absent') {
    onReplaced(path, problem);
  }
  return replaceKeptClone({ ...fresh, keptAt: path }, checked);
}

/**
 * Puts a clone in the place of the kept one, if that still is the folder `inode` (undefined: if there is none). Otherwise another process has
 * replaced it: its clone is used.
 */
export async function replaceKeptClone(fresh: Clone, inode: number | undefined): Promise<Clone> {
  const path = fresh.keptAt ?? fresh.directory;
  if (inode !== undefined && (await inodeOf(path)) === inode) {
    const old = `${fresh.directory}.old`;
    await rename(path, old);
    await removeFolder(old);
  }
  try {
    await rename(fresh.directory, path);
    return { ...fresh, directory: path };
  } catch (error) {
    await removeFolder(fresh.directory);
    if ((await structuralProblem(path)) !== undefined) {
      throw error;
    }
    return { directory: path, inode: (await stat(path)).ino, keptAt: path };
  }
}

/** Deletes a clone. */
export async function removeFolder(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** What makes a folder unusable as a kept clone, as far as its structure tells. Damaged objects are noticed when git reads them. */
async function structuralProblem(path: string): Promise<string | undefined> {
  const folder = await lstat(path).catch(() => undefined);
  if (folder === undefined) {
    return 'absent';
  }
  if (!folder.isDirectory()) {
    return 'it is not a folder';
  }
  const text = (name: string) => readFile(join(path, name), 'utf8').catch(() => undefined);
  const exists = async (name: string) => (await lstat(join(path, name)).catch(() => undefined)) !== undefined;
  if (!/^ref: refs\/heads\/[^\n]+\n?$/.test((await text('HEAD')) ?? '')) {
    return 'its HEAD is missing or damaged';
  }
  if ((await text('config')) !== configuration) {
    return 'its configuration is not the one that Bowline writes';
  }
  for (const name of ['objects', 'refs']) {
    if (!(await stat(join(path, name)).catch(() => undefined))?.isDirectory()) {
      return `it has no folder ${name}`;
    }
  }
  for (const name of [
    'shallow',
    'commondir',
    'objects/info/alternates',
    'objects/info/http-alternates',
    'info/grafts',
  ]) {
    if (await exists(name)) {
      return `it has a file ${name}, so it may not be complete`;
    }
  }
  for (const name of ['packed-refs.lock', 'shallow.lock', 'HEAD.lock', 'config.lock', 'refs/bowline/last.lock']) {
    const lock = await lstat(join(path, name)).catch(() => undefined);
    if (lock !== undefined && Date.now() - lock.mtimeMs > lockAbandonedAfterMilliseconds) {
      return `it has a lock of a process that ended, ${name}`;
    }
  }
  return undefined;
}

async function createClone(directory: string): Promise<Clone> {
  await git(
    ['init', '--quiet', '--bare', '--template=', '--object-format=sha1', '--initial-branch=main', '--', directory],
    {
      directory,
    },
  );
  await writeFile(join(directory, 'config'), configuration);
  return { directory, inode: (await stat(directory)).ino };
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('new-')) {
      continue;
    }
    const found = await stat(join(cache, name)).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMilliseconds) {
      await removeFolder(join(cache, name));
    }
  }
}

function keptPath(cache: string, address: string): string {
  return join(cache, `${createHash('sha256').update(address).digest('hex').slice(0, 20)}.git`);
}

async function inodeOf(path: string): Promise<number | undefined> {
  return (await lstat(path).catch(() => undefined))?.ino;
}

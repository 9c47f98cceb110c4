import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import type { Layout } from '../layout';
import { readDirectory } from './read-directory';

/** Directories outside the state directory in which kubelet, containerd and the network plugins create files, whatever their options are. */
const sharedDirectories = [
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
  '/usr/libexec/kubernetes',
] as const;

/** Limits the search: other tools can have many files below these directories. */
const maximumDepth = 3;

/** Lists the shared directories and every path in them. */
export function listSharedPaths(): readonly string[] {
  return sharedDirectories.flatMap((directory) =>
    existsSync(directory) ? [directory, ...listPathsBelow(directory, maximumDepth)] : [],
  );
}

function listPathsBelow(directory: string, levels: number): readonly string[] {
  if (levels === 0) {
    return [];
  }
  return readDirectory(directory).flatMap((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? [path, ...listPathsBelow(path, levels - 1)] : [path];
  });
}

/**
 * Removes the lab's files from the shared directories, and directories that are then empty. Paths in `existedBefore` are kept. A new path that cannot
 * be attributed to the lab is kept too; the search for leftovers then reports it.
 */
export async function removeSharedPaths(layout: Layout, existedBefore: readonly string[]): Promise<void> {
  const known = new Set(existedBefore);
  const newPaths = listSharedPaths().filter((path) => !known.has(path));
  for (const path of newPaths) {
    if (pathExists(path) && (await belongsToLab(layout, path))) {
      rmSync(path, { recursive: true, force: true });
    }
  }
  for (const path of [...newPaths].sort((a, b) => b.length - a.length)) {
    if (pathExists(path) && lstatSync(path).isDirectory() && readdirSync(path).length === 0) {
      rmdirSync(path);
    }
  }
}

async function belongsToLab(layout: Layout, path: string): Promise<boolean> {
  switch (dirname(path)) {
    // Sockets of containerd shims. The lab's shims have ended, so no process listens on theirs.
    case '/run/containerd/s':
      return !(await isListening(path));
    // A result of a network plugin contains the network namespace, which is in the state directory.
    case '/var/lib/cni/results':
      return readFileSync(path, 'utf8').includes(layout.state);
    case '/var/log/containers':
      return readlinkSync(path).startsWith(layout.state);
    // The path of this directory is fixed in kubelet.
    case '/var/lib/kubelet':
      return path.endsWith('/device-plugins');
    default:
      return false;
  }
}

/** Also true for a dangling link. */
function pathExists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

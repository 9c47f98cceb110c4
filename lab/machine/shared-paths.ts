import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import type { Layout } from '../layout';
import { entriesOf } from './read-directory';

/** Folders outside of the state where kubelet, containerd and the network plugins leave things, whatever they are told. */
const folders = [
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
  '/usr/libexec/kubernetes',
] as const;

/** Folders with a great many entries of other tools are looked at this deep. */
const depth = 3;

/** Every path in those folders, the folders among them. */
export function sharedPaths(): readonly string[] {
  return folders.flatMap((folder) => (existsSync(folder) ? [folder, ...below(folder, depth)] : []));
}

function below(folder: string, levels: number): readonly string[] {
  if (levels === 0) {
    return [];
  }
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...below(path, levels - 1)] : [path];
  });
}

/** Removes what came since and is the lab's, and folders that are empty then. What cannot be told to be the lab's stays, and is reported. */
export async function removeSharedPaths(layout: Layout, before: readonly string[]): Promise<void> {
  const known = new Set(before);
  const fresh = sharedPaths().filter((path) => !known.has(path));
  for (const path of fresh) {
    if (existsOrDangles(path) && (await isOurs(layout, path))) {
      rmSync(path, { recursive: true, force: true });
    }
  }
  for (const path of [...fresh].sort((a, b) => b.length - a.length)) {
    if (existsOrDangles(path) && lstatSync(path).isDirectory() && readdirSync(path).length === 0) {
      rmdirSync(path);
    }
  }
}

async function isOurs(layout: Layout, path: string): Promise<boolean> {
  switch (dirname(path)) {
    // Sockets of shims: nobody is behind those of the lab any more.
    case '/run/containerd/s':
      return !(await isListening(path));
    // Results of network plugins name the network namespace, which lay in the state folder.
    case '/var/lib/cni/results':
      return readFileSync(path, 'utf8').includes(layout.state);
    case '/var/log/containers':
      return readlinkSync(path).startsWith(layout.state);
    // The one folder whose place kubelet takes from nobody.
    case '/var/lib/kubelet':
      return path.endsWith('/device-plugins');
    default:
      return false;
  }
}

function existsOrDangles(path: string): boolean {
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

import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Layout } from '../layout';
import { readDirectory } from './read-directory';

const cgroupRoot = '/sys/fs/cgroup';

/** Paths of the lab's control groups: one below each controller (v1), or one in all (v2). They need not exist. */
export function cgroupPaths(layout: Layout): readonly string[] {
  const isUnified = existsSync(join(cgroupRoot, 'cgroup.controllers'));
  const parents = isUnified ? [cgroupRoot] : controllerMounts();
  return parents.map((parent) => join(parent, layout.cgroup));
}

/** Paths of the lab's control groups that exist. */
export function existingCgroups(layout: Layout): readonly string[] {
  return cgroupPaths(layout).filter((path) => existsSync(path));
}

export function createCgroups(layout: Layout): void {
  for (const path of cgroupPaths(layout)) {
    mkdirSync(path, { recursive: true });
  }
}

export async function removeCgroups(layout: Layout): Promise<void> {
  for (let attempt = 0; existingCgroups(layout).length > 0 && attempt < 40; attempt++) {
    for (const path of existingCgroups(layout).flatMap(cgroupTree)) {
      try {
        rmdirSync(path);
      } catch {
        // The kernel still counts an ended process in the group: try again.
      }
    }
    if (existingCgroups(layout).length > 0) {
      await sleep(50);
    }
  }
}

/** Process IDs in the lab's control groups. */
export function cgroupProcesses(layout: Layout): readonly number[] {
  return [...new Set(existingCgroups(layout).flatMap(cgroupTree).flatMap(readMembers))];
}

/** A control group and its descendants, deepest first. */
export function cgroupTree(path: string): readonly string[] {
  const descendants = readDirectory(path)
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => cgroupTree(join(path, entry.name)));
  return [...descendants, path];
}

/** Each mount appears once in /proc/mounts; the names of combined controllers are links to one directory. */
function controllerMounts(): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, path, type]) => type === 'cgroup' && path?.startsWith(`${cgroupRoot}/`))
    .map(([, path]) => path as string);
}

function readMembers(path: string): readonly number[] {
  try {
    return readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

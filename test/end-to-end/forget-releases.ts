import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '../../lib/tools';

/** The state folders that this process has emptied. */
const emptied = new Map<string, Promise<void>>();

/**
 * Removes what earlier runs of the suite released: images, evidence and signing keys. They have the digests of this run, because builds are
 * reproducible, so a step that no longer pushes, attests or signs would find what it should have made. Base images and caches stay: making them
 * takes minutes.
 *
 * Does so once per process, before the services of the folder start: tests of one file build on each other.
 */
export function forgetReleases(stateDirectory: string): Promise<void> {
  const known = emptied.get(stateDirectory) ?? removeReleases(stateDirectory);
  emptied.set(stateDirectory, known);
  return known;
}

async function removeReleases(stateDirectory: string): Promise<void> {
  mkdirSync(stateDirectory, { recursive: true });
  // Another run of the same test file may use the services.
  const release = await acquireLock(join(stateDirectory, 'services.lock'));
  try {
    rmSync(join(stateDirectory, 'kms'), { recursive: true, force: true });
    const repositories = join(stateDirectory, 'registry', 'docker', 'registry', 'v2', 'repositories');
    for (const platform of namesIn(repositories)) {
      if (platform === 'bowline-base') {
        continue;
      }
      for (const name of namesIn(join(repositories, platform))) {
        if (name !== 'cache') {
          rmSync(join(repositories, platform, name), { recursive: true, force: true });
        }
      }
    }
  } finally {
    release();
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // The first run of the file on this machine.
    return [];
  }
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../process';
import { cacheDirectory, pinsDirectory, toolPath } from './location';
import { withLock } from './lock';

/**
 * Vulnerability databases with the few advisories of tools/advisories, for the demo and the tests where no feed is reachable.
 * A scan with them does not show that an image has no known vulnerability.
 */
export interface FixtureDatabases {
  /** Value of GRYPE_DB_CACHE_DIR. */
  readonly grype: string;
  /** Folder for govulncheck -db file://…. */
  readonly govulncheck: string;
  /** Folder for trivy --cache-dir. */
  readonly trivy: string;
}

/** The folders of the fixture databases, which may not exist yet. @throws Error without a checkout */
export function fixtureDatabases(pins = pinsDirectory()): FixtureDatabases {
  if (pins === undefined) {
    throw new Error('the fixture vulnerability databases need a checkout of Bowline; a pipeline uses the feeds');
  }
  const directory = join(cacheDirectory(), 'vulnerability-database', keyOf(pins));
  return {
    grype: join(directory, 'grype'),
    govulncheck: join(directory, 'govulncheck'),
    trivy: join(directory, 'trivy'),
  };
}

/** Builds the fixture databases from tools/advisories unless they exist for this content. */
export async function ensureFixtureDatabases(pins: string): Promise<FixtureDatabases> {
  const databases = fixtureDatabases(pins);
  const directory = join(databases.grype, '..');
  if (existsSync(directory)) {
    return databases;
  }
  await withLock(`${directory}.lock`, async () => {
    if (existsSync(directory)) {
      return;
    }
    const partial = `${directory}.part`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial, { recursive: true });
    await mustRun({
      program: toolPath('vulnerability-databases'),
      arguments: [join(pins, 'advisories'), partial],
      timeoutSeconds: 120,
    });
    renameSync(partial, directory);
  });
  return databases;
}

function keyOf(pins: string): string {
  const hash = createHash('sha256').update(toolPath('vulnerability-databases'));
  for (const file of readdirSync(join(pins, 'advisories')).sort()) {
    hash.update(file).update(readFileSync(join(pins, 'advisories', file)));
  }
  return hash.digest('hex').slice(0, 12);
}

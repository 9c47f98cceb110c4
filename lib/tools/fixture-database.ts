import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../process';
import { cacheDirectory, pinsDirectory, toolPath } from './location';
import { withLock } from './lock';

/** The small vulnerability databases of this project, for demo and tests where no feed can be reached. They say nothing about the world. */
export interface FixtureDatabase {
  /** For GRYPE_DB_CACHE_DIR. */
  readonly grype: string;
  /** For govulncheck -db file://…. */
  readonly govulncheck: string;
  /** For trivy --cache-dir. */
  readonly trivy: string;
}

/** Where the stand-in is, whether it has been made or not. */
export function fixtureDatabases(pins = pinsDirectory()): FixtureDatabase {
  if (pins === undefined) {
    throw new Error('the stand-in vulnerability database is made from a checkout only; a pipeline uses the feeds');
  }
  const directory = join(cacheDirectory(), 'vulnerability-database', keyOf(pins));
  return {
    grype: join(directory, 'grype'),
    govulncheck: join(directory, 'govulncheck'),
    trivy: join(directory, 'trivy'),
  };
}

/** Makes the stand-in out of tools/advisories, once per content. */
export async function ensureFixtureDatabase(pins: string): Promise<FixtureDatabase> {
  const databases = fixtureDatabases(pins);
  const directory = join(databases.grype, '..');
  if (!existsSync(directory)) {
    await withLock(`${directory}.lock`, async () => {
      if (!existsSync(directory)) {
        const beside = `${directory}.part`;
        rmSync(beside, { recursive: true, force: true });
        mkdirSync(beside, { recursive: true });
        await mustRun({
          program: toolPath('vulnerability-database'),
          arguments: [join(pins, 'advisories'), beside],
          timeoutSeconds: 120,
        });
        await mustRun({
          program: toolPath('trivy-database'),
          arguments: [join(pins, 'advisories'), join(beside, 'trivy')],
          timeoutSeconds: 120,
        });
        renameSync(beside, directory);
      }
    });
  }
  return databases;
}

function keyOf(pins: string): string {
  const hash = createHash('sha256').update(toolPath('vulnerability-database')).update(toolPath('trivy-database'));
  for (const file of readdirSync(join(pins, 'advisories')).sort()) {
    hash.update(file).update(readFileSync(join(pins, 'advisories', file)));
  }
  return hash.digest('hex').slice(0, 12);
}

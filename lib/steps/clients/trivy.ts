import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrivyImageReport, type ScanReport, unreliableReport } from '../../gate';
import { mustRun, type Outcome, ProgramError, retryTransient, run } from '../../process';
import { cacheDirectory, toolPath } from '../../tools';
import { type Digest, type ImageRepository, imageReference } from '../../values';
import type { VulnerabilityDatabases } from '../vulnerability-databases';
import { speaksHttp } from './registry';

const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check'];

/**
 * trivy's cache folder, with its database in it: downloaded here, once for all images of a scan.
 * @throws ProgramError when the feed can't be had
 */
export async function trivyDatabase(databases: VulnerabilityDatabases): Promise<string> {
  if (databases.origin === 'fixture') {
    return databases.trivy;
  }
  const directory = join(cacheDirectory(), 'trivy');
  await retryTransient(
    () =>
      mustRun({
        program: toolPath('trivy'),
        arguments: ['image', '--download-db-only', '--cache-dir', directory, ...quiet],
        timeoutSeconds: 600,
      }),
    { attempts: 3, firstWaitSeconds: 2 },
  );
  return directory;
}

/** What trivy finds in one platform's image, by digest. */
export async function scanWithTrivy(
  repository: ImageRepository,
  image: Digest,
  platform: string,
  database: string,
  scratch: string,
): Promise<ScanReport> {
  const metadata = join(database, 'db', 'metadata.json');
  if (!existsSync(metadata)) {
    return unreliableReport('trivy', 'scanner-failed', `trivy has no database in ${database}`);
  }
  const reference = imageReference(repository, image);
  const outcome: Outcome = await run({
    program: toolPath('trivy'),
    arguments: [
      'image',
      ...quiet,
      '--cache-dir',
      database,
      // Layers in a cache on disk would be one scan's at a time.
      '--cache-backend',
      'memory',
      '--skip-db-update',
      '--skip-java-db-update',
      '--offline-scan',
      '--image-src',
      'remote',
      '--platform',
      platform,
      '--scanners',
      'vuln',
      '--severity',
      'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
      '--format',
      'json',
      '--list-all-pkgs',
      ...(speaksHttp(reference) ? ['--insecure'] : []),
      reference,
    ],
    directory: scratch,
    timeoutSeconds: 600,
  });
  if (outcome.exitCode !== 0) {
    return unreliableReport('trivy', 'scanner-failed', new ProgramError('trivy', outcome).message);
  }
  return readTrivyImageReport(outcome.stdout, image, updatedAt(metadata));
}

/** The report does not say which database it is from. */
function updatedAt(metadata: string): string {
  try {
    const { UpdatedAt } = JSON.parse(readFileSync(metadata, 'utf8')) as { readonly UpdatedAt?: unknown };
    return typeof UpdatedAt === 'string' ? UpdatedAt : '';
  } catch {
    return '';
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inconclusiveReport, readTrivyConfigReport, readTrivyImageReport, type ScanReport } from '../../gate';
import { mustRun, type Outcome, ProgramError, retryTransient, run } from '../../process';
import { cacheDirectory, toolPath } from '../../tools';
import { type Digest, type ImageRepository, imageReference } from '../../values';
import { type CheckInput, cachedReport } from '../report-cache';
import { usesHttp } from './registry';
import type { VulnerabilityDatabases } from './vulnerability-databases';

const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check'];

/**
 * trivy's cache folder with its database. Downloads the database, once for all images of a scan.
 * @throws ProgramError when the download fails
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

export interface TrivyInput {
  readonly repository: ImageRepository;
  /** Digest of the platform's image. */
  readonly digest: Digest;
  readonly platform: string;
  /** trivy's cache folder. */
  readonly database: string;
  /** Folder without files that trivy could read as its settings. */
  readonly scratch: string;
}

/** Lets trivy scan the image of one platform. */
export async function scanWithTrivy(input: TrivyInput): Promise<ScanReport> {
  const { repository, digest, platform, database, scratch } = input;
  const metadata = join(database, 'db', 'metadata.json');
  if (!existsSync(metadata)) {
    return inconclusiveReport('trivy', 'scanner-failed', `trivy has no database in ${database}`);
  }
  const reference = imageReference(repository, digest);
  const outcome: Outcome = await run({
    program: toolPath('trivy'),
    arguments: [
      'image',
      ...quiet,
      '--cache-dir',
      database,
      // A cache of layers on disk is locked by one scan at a time.
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
      ...(usesHttp(reference) ? ['--insecure'] : []),
      reference,
    ],
    directory: scratch,
    timeoutSeconds: 600,
  });
  if (outcome.exitCode !== 0) {
    return inconclusiveReport('trivy', 'scanner-failed', new ProgramError('trivy', outcome).message);
  }
  return readTrivyImageReport(outcome.stdout, digest, updatedAt(metadata));
}

/** Lets trivy check a Dockerfile and manifests. */
export function checkWithTrivy({ files, directory, scratch, timeoutSeconds }: CheckInput): Promise<ScanReport> {
  const program = toolPath('trivy');
  const options = [
    'config',
    '--skip-check-update',
    '--severity',
    'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
    '--format',
    'json',
    '--disable-telemetry',
    '--skip-version-check',
    '--quiet',
  ];
  return cachedReport({
    scanner: 'trivy-config',
    command: [program, ...options],
    files,
    exitCodes: [0],
    run: () =>
      run({
        program,
        arguments: [...options, '--cache-dir', join(scratch, 'trivy'), directory],
        directory: scratch,
        timeoutSeconds,
      }),
    parse: (text) => readTrivyConfigReport(text, [...files.keys()]),
  });
}

/** The time of the database: trivy's report does not have it. */
function updatedAt(metadata: string): string {
  try {
    const { UpdatedAt } = JSON.parse(readFileSync(metadata, 'utf8')) as { readonly UpdatedAt?: unknown };
    return typeof UpdatedAt === 'string' ? UpdatedAt : '';
  } catch {
    return '';
  }
}

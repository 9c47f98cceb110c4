import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  inconclusiveReport,
  readTrivyConfigReport,
  readTrivyImageReport,
  readTrivySbomReport,
  type Sbom,
  type ScanReport,
} from '../../gate';
import { mustRunTool, ProgramError, retryTransient, runTool } from '../../process';
import { cacheDirectory, toolPath } from '../../tools';
import type { Digest, ImageReference } from '../../values';
import { type CheckInput, cachedReport } from '../report-cache';
import { usesHttp } from './registry';
import type { VulnerabilityDatabases } from './vulnerability-databases';

const quiet = ['--quiet', '--disable-telemetry', '--skip-version-check'];

/** Empty settings in place of trivy.yaml, .trivyignore and .trivyignore.yaml, which trivy reads in the folder that it runs in. */
const emptySettings = { 'trivy.yaml': '{}\n', trivyignore: '' };

/** Options of a search for vulnerabilities with the database that is there. */
const vulnerabilityOptions = [
  // A cache of layers on disk is locked by one scan at a time.
  '--cache-backend',
  'memory',
  '--skip-db-update',
  '--skip-java-db-update',
  '--offline-scan',
  '--scanners',
  'vuln',
  '--severity',
  'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL',
  '--format',
  'json',
  '--list-all-pkgs',
  // Findings that something suppressed are in the report, so that its reader can refuse them.
  '--show-suppressed',
];

function explicitSettings(configuration: string): readonly string[] {
  return ['--config', `${configuration}/trivy.yaml`, '--ignorefile', `${configuration}/trivyignore`];
}

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
      mustRunTool({
        program: toolPath('trivy'),
        configuration: emptySettings,
        arguments: ({ configuration }) => [
          'image',
          '--download-db-only',
          '--cache-dir',
          directory,
          ...quiet,
          ...explicitSettings(configuration),
        ],
        timeoutSeconds: 600,
      }),
    { attempts: 3, firstWaitSeconds: 2 },
  );
  return directory;
}

export interface TrivyInput {
  readonly image: ImageReference;
  /** Digest of the platform's image. */
  readonly digest: Digest;
  readonly platform: string;
  /** The path of the service's program in the image. */
  readonly program: string;
  /** trivy's cache folder. */
  readonly database: string;
}

/** Lets trivy scan the image of one platform. */
export async function scanWithTrivy(input: TrivyInput): Promise<ScanReport> {
  const { image: reference, digest, platform, program, database } = input;
  if (!existsSync(metadataOf(database))) {
    return inconclusiveReport('trivy', 'scanner-failed', `trivy has no database in ${database}`);
  }
  const outcome = await runTool({
    program: toolPath('trivy'),
    access: ['registry'],
    configuration: emptySettings,
    arguments: ({ configuration }) => [
      'image',
      ...quiet,
      ...explicitSettings(configuration),
      '--cache-dir',
      database,
      ...vulnerabilityOptions,
      '--image-src',
      'remote',
      '--platform',
      platform,
      ...(usesHttp(reference) ? ['--insecure'] : []),
      reference,
    ],
    timeoutSeconds: 600,
  });
  if (outcome.exitCode !== 0) {
    return inconclusiveReport('trivy', 'scanner-failed', new ProgramError('trivy', outcome).message);
  }
  return readTrivyImageReport(outcome.stdout, { image: digest, program, builtAt: trivyDatabaseTime(database) });
}

/**
 * Lets trivy look up the packages of an SBOM.
 * @param file CycloneDX JSON
 * @param database trivy's cache folder
 */
export async function scanSbomWithTrivy(file: string, sbom: Sbom, database: string): Promise<ScanReport> {
  if (!existsSync(metadataOf(database))) {
    return inconclusiveReport('trivy', 'scanner-failed', `trivy has no database in ${database}`);
  }
  const outcome = await runTool({
    program: toolPath('trivy'),
    configuration: emptySettings,
    arguments: ({ configuration }) => [
      'sbom',
      ...quiet,
      ...explicitSettings(configuration),
      '--cache-dir',
      database,
      ...vulnerabilityOptions,
      file,
    ],
    timeoutSeconds: 600,
  });
  return outcome.exitCode === 0
    ? readTrivySbomReport(outcome.stdout, { file, sbom, builtAt: trivyDatabaseTime(database) })
    : inconclusiveReport('trivy', 'scanner-failed', new ProgramError('trivy', outcome).message);
}

/** Lets trivy check a Dockerfile and manifests. */
export function checkWithTrivy({ files, directory, timeoutSeconds }: CheckInput): Promise<ScanReport> {
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
      runTool({
        program,
        configuration: emptySettings,
        arguments: ({ configuration, temporary }) => [
          ...options,
          ...explicitSettings(configuration),
          '--cache-dir',
          join(temporary, 'trivy'),
          directory,
        ],
        timeoutSeconds,
      }),
    parse: (text) => readTrivyConfigReport(text, [...files.keys()]),
  });
}

/** When a database was built, which trivy's reports do not have; empty if it does not say. @param database trivy's cache folder */
export function trivyDatabaseTime(database: string): string {
  try {
    const { UpdatedAt } = JSON.parse(readFileSync(metadataOf(database), 'utf8')) as { readonly UpdatedAt?: unknown };
    return typeof UpdatedAt === 'string' ? UpdatedAt : '';
  } catch {
    return '';
  }
}

function metadataOf(database: string): string {
  return join(database, 'db', 'metadata.json');
}

import { join } from 'node:path';
import { z } from 'zod';
import { type GrypeSubject, inconclusiveReport, readGrypeReport, type ScanReport } from '../../gate';
import { mustRunTool, ProgramError, retryTransient, runTool } from '../../process';
import { cacheDirectory, toolPath } from '../../tools';
import type { VulnerabilityDatabases } from './vulnerability-databases';

/** Output of `grype db status`. */
const statusSchema = z.object({ built: z.string().min(1) });

/** grype's database on this machine. */
export interface GrypeDatabase {
  readonly directory: string;
  /** Whether grype judges its age, too. */
  readonly validatesAge: boolean;
}

/**
 * grype's database. Downloads it, once for all artifacts of a scan.
 * @throws ProgramError when the download fails
 */
export async function grypeDatabase(databases: VulnerabilityDatabases): Promise<GrypeDatabase> {
  if (databases.origin === 'fixture') {
    return { directory: databases.grype, validatesAge: false };
  }
  const database: GrypeDatabase = { directory: join(cacheDirectory(), 'grype'), validatesAge: true };
  await retryTransient(
    () =>
      mustRunTool({
        program: toolPath('grype'),
        configuration: { 'grype.yaml': settings(database) },
        arguments: ({ configuration }) => ['db', 'update', '--config', `${configuration}/grype.yaml`],
        timeoutSeconds: 600,
      }),
    { attempts: 3, firstWaitSeconds: 2 },
  );
  return database;
}

/** When a database was built, as the reports of grype say. @throws ProgramError, Error */
export async function grypeDatabaseTime(database: GrypeDatabase): Promise<string> {
  const { stdout } = await mustRunTool({
    program: toolPath('grype'),
    configuration: { 'grype.yaml': settings(database) },
    arguments: ({ configuration }) => [
      ...['db', 'status', '--config', `${configuration}/grype.yaml`],
      ...['--quiet', '--output', 'json'],
    ],
    timeoutSeconds: 60,
  });
  return statusSchema.parse(JSON.parse(stdout)).built;
}

/** Lets grype look up the packages of an SBOM. @param sbomFile CycloneDX JSON */
export async function scanWithGrype(
  sbomFile: string,
  subject: GrypeSubject,
  database: GrypeDatabase,
): Promise<ScanReport> {
  const outcome = await runTool({
    program: toolPath('grype'),
    configuration: { 'grype.yaml': settings(database) },
    arguments: ({ configuration }) => [
      `sbom:${sbomFile}`,
      '--config',
      `${configuration}/grype.yaml`,
      '--quiet',
      '--output',
      'json',
    ],
    timeoutSeconds: 600,
  });
  return outcome.exitCode === 0
    ? readGrypeReport(outcome.stdout, subject)
    : inconclusiveReport('grype', 'scanner-failed', new ProgramError('grype', outcome).message);
}

/** JSON is YAML. Without `ignore` and VEX documents, nothing is left out but what grype's own rules leave out. */
function settings({ directory, validatesAge }: GrypeDatabase): string {
  return JSON.stringify({
    'check-for-app-update': false,
    db: { 'cache-dir': directory, 'auto-update': false, 'validate-age': validatesAge },
  });
}

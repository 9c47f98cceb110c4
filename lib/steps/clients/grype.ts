import { readGrypeReport, type ScanReport } from '../../gate';
import { ProgramError, run } from '../../process';
import { toolPath } from '../../tools';
import type { VulnerabilityDatabases } from './vulnerability-databases';

/** Lets grype look up the packages of an SBOM. @param sbomFile CycloneDX JSON */
export async function scanWithGrype(sbomFile: string, databases: VulnerabilityDatabases): Promise<ScanReport> {
  const fixture =
    databases.origin === 'fixture'
      ? { GRYPE_DB_CACHE_DIR: databases.grype, GRYPE_DB_AUTO_UPDATE: 'false', GRYPE_DB_VALIDATE_AGE: 'false' }
      : {};
  const outcome = await run({
    program: toolPath('grype'),
    arguments: [`sbom:${sbomFile}`, '--quiet', '--output', 'json'],
    environment: { GRYPE_CHECK_FOR_APP_UPDATE: 'false', ...fixture },
    timeoutSeconds: 600,
  });
  if (outcome.exitCode !== 0) {
    return { ok: false, scanner: 'grype', code: 'scanner-failed', message: new ProgramError('grype', outcome).message };
  }
  return readGrypeReport(outcome.stdout);
}

import type { Verdict } from '../../release';
import { feedTime } from './govulncheck';
import { type GrypeDatabase, grypeDatabaseTime } from './grype';
import { trivyDatabaseTime } from './trivy';
import type { VulnerabilityDatabases } from './vulnerability-databases';

/**
 * The databases that a scan would use now, as its verdict names them: nothing is scanned.
 * @throws ProgramError, or Error for an answer that has no time
 */
export async function currentDatabases(
  databases: VulnerabilityDatabases,
  { grype, trivy }: { readonly grype: GrypeDatabase; readonly trivy: string },
): Promise<Verdict['databases']> {
  const { origin } = databases;
  const [grypeTime, govulncheckTime] = await Promise.all([grypeDatabaseTime(grype), feedTime(databases)]);
  return [
    { scanner: 'grype', origin, builtAt: grypeTime },
    { scanner: 'govulncheck', origin, builtAt: govulncheckTime },
    { scanner: 'trivy', origin, builtAt: trivyDatabaseTime(trivy) },
  ];
}

import { mustRun } from '../../lib/process';
import { readRunningReleases, type VulnerabilityDatabases } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import type { RunningPlatform } from './platform-of-releases';

/**
 * Scans images as is usual without signed SBOMs: syft reads each platform's image from the registry, grype and trivy scan it.
 * @param number how many of the running services
 */
export async function scanFromRegistry(
  { ledger }: RunningPlatform,
  number: number,
  { grype, trivy }: VulnerabilityDatabases & { readonly origin: 'fixture' },
): Promise<string> {
  const { releases } = await readRunningReleases({ repository: ledger });
  const images = releases.slice(0, number).flatMap((release) => ('image' in release ? [release.image] : []));
  for (const image of images) {
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      await Promise.all([
        run('grype', [`registry:${image}`, '--platform', platform, '--quiet', '--output', 'json'], {
          GRYPE_DB_CACHE_DIR: grype,
          GRYPE_DB_AUTO_UPDATE: 'false',
          GRYPE_DB_VALIDATE_AGE: 'false',
          GRYPE_CHECK_FOR_APP_UPDATE: 'false',
          GRYPE_REGISTRY_INSECURE_USE_HTTP: 'true',
        }),
        run('trivy', [
          ...['image', '--quiet', '--insecure', '--image-src', 'remote', '--platform', platform],
          ...['--cache-dir', trivy, '--cache-backend', 'memory', '--skip-db-update', '--skip-java-db-update'],
          ...['--offline-scan', '--scanners', 'vuln', '--format', 'json', image],
        ]),
      ]);
    }
  }
  return `${images.length} scanned`;
}

async function run(
  tool: 'grype' | 'trivy',
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mustRun({ program: toolPath(tool), arguments: args, environment, timeoutSeconds: 300 });
}

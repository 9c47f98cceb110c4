import type { Platform, Service } from '../../catalog';
import { type SourceFacts, unwatchedPaths } from '../../image';
import type { Reporter } from '../reporter';

/** Notes folders that the build reads and whose changes do not start a release. */
export function reportUnwatchedPaths(
  platform: Platform,
  service: Service,
  facts: SourceFacts,
  reporter: Pick<Reporter, 'note'>,
): void {
  const missing = unwatchedPaths(platform, service, facts);
  if (missing.length > 0) {
    reporter.note(
      `${service.name}: the build reads ${missing.join(', ')}, but commits that change only these release nothing: add them to source.paths`,
    );
  }
}

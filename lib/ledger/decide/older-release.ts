import { type ReleaseFile, releasedDigest } from '../release-file';
import { type Refusal, refuse } from './decision';

/**
 * Refuses a promotion of a release that was scanned earlier than the one at HEAD: a record of the past, which its evidence still verifies. A rollback is a
 * deliberate act, with `bowline rollback`. A commit that reverts a change builds an earlier image again, but its scan is a new one, by the databases and
 * the policy of today.
 */
export function refuseOlderRelease(release: ReleaseFile, previous: ReleaseFile | undefined): Refusal | undefined {
  const scannedBefore = previous?.evidence.scannedAt;
  if (previous === undefined || previous.image === release.image || scannedBefore === undefined) {
    return undefined;
  }
  const { service, environment, evidence } = release;
  // Both are times in UTC to the second, so that their texts have the order of the times.
  if (evidence.scannedAt !== undefined && evidence.scannedAt >= scannedBefore) {
    return undefined;
  }
  const digest = releasedDigest(release);
  return refuse(
    'older-release',
    `the release ${digest} of ${service} was scanned at ${evidence.scannedAt ?? 'an unknown time'}, and ${environment} has ${releasedDigest(previous)}, which was scanned at ${scannedBefore}: a promotion does not replace a release with an older one. To roll back, run "bowline rollback ${service} --env ${environment} --to ${digest}". To release this source again, revert the commits after it.`,
  );
}

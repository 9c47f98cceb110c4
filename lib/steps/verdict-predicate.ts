import type { Scanned } from '../release';

/**
 * The predicate of the verdict attestation (`https://bowline.dev/verdict/v1`): what the gate said, about which image, by which policy and databases.
 * It holds no time of its own, so that the same verdict is the same attestation.
 */
export function verdictPredicate(release: Pick<Scanned, 'service' | 'image' | 'sboms' | 'verdict'>) {
  return {
    service: release.service,
    image: { repository: release.image.repository, digest: release.image.digest, platforms: release.image.platforms },
    sboms: release.sboms,
    verdict: release.verdict,
  };
}

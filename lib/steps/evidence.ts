import type { Scanned } from '../release';

/** The annotations that bind a signature to one service and one class of environments: a copied signature does not verify elsewhere. */
export function signatureAnnotations(service: string, environmentClass: string): Readonly<Record<string, string>> {
  return { 'bowline.service': service, 'bowline.class': environmentClass };
}

/**
 * The predicate of the verdict attestation (`https://bowline.dev/verdict/v1`): the verdict, the image, the policy, the databases, and what the
 * first start of the image found. It has no timestamp, so that the same verdict gives the same attestation.
 */
export function verdictPredicate(release: Pick<Scanned, 'service' | 'image' | 'sboms' | 'verdict' | 'start'>) {
  return {
    service: release.service,
    image: { repository: release.image.repository, digest: release.image.digest, platforms: release.image.platforms },
    sboms: release.sboms,
    verdict: release.verdict,
    ...(release.start === undefined ? {} : { start: release.start }),
  };
}

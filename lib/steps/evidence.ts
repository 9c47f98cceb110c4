import type { Scanned } from '../release';

/** The annotations that bind a signature to one service and one class of environments: a copied signature does not verify elsewhere. */
export function signatureAnnotations(service: string, environmentClass: string): Readonly<Record<string, string>> {
  return { 'bowline.service': service, 'bowline.class': environmentClass };
}

/**
 * The predicate of the verdict attestation (`https://bowline.dev/verdict/v2`): everything that a later judgement needs, so that it believes only
 * what is signed. `scannedAt` makes it one attestation per scan.
 */
export function verdictPredicate(release: Omit<Scanned, 'version' | 'stage' | 'binaries'>) {
  return {
    service: release.service,
    source: release.source,
    image: { repository: release.image.repository, digest: release.image.digest, platforms: release.image.platforms },
    sboms: release.sboms,
    binarySboms: release.binarySboms,
    scannedAt: release.scannedAt,
    tools: release.tools,
    verdict: release.verdict,
    ...(release.start === undefined ? {} : { start: release.start }),
  };
}

import { type Catalog, requireService } from '../catalog';
import { policyFor } from '../gate';
import { branchRef, type ImageRepository } from '../values';
import type { CatalogFacts } from './check';

/**
 * What the catalog says about a service, for a verification.
 * @param imageRepository the service's own repository
 * @throws BowlineError if the catalog has no such service
 */
export function catalogFacts(catalog: Catalog, name: string, imageRepository: ImageRepository): CatalogFacts {
  const { source } = requireService(catalog, name);
  return {
    imageRepository,
    source: { repository: source.repository, ref: branchRef(source.branch) },
    policy: policyFor(catalog.platform.findings, catalog.acceptedRisks ?? [], name),
  };
}

import { type Catalog, type Service, serviceInEnvironment } from '../catalog';
import type { ReleaseFile, Renderer } from '../ledger';
import type { Built } from '../release';
import { type CommitSha, type Digest, imageReference, imageRepository } from '../values';

/** Renders the manifests of a release in every environment: path in the ledger → text. */
export function manifestsOfRelease(
  catalog: Catalog,
  service: Service,
  release: Pick<Built, 'source' | 'image'>,
  renderer: Renderer,
): ReadonlyMap<string, string> {
  const teams = new Map(catalog.services.map(({ name, team }) => [name, team]));
  return new Map(
    catalog.platform.environments.flatMap((environment) => [
      ...renderer.service(serviceInEnvironment(catalog.platform, service, environment, teams), {
        ...placeholderRelease(service.name, environment.name),
        image: imageReference(release.image.repository, release.image.digest),
        source: release.source,
      }),
    ]),
  );
}

const zeroDigest = `sha256:${'0'.repeat(64)}` as Digest;

/** A release file for a release that does not exist yet. Manifests depend on its image only. */
export function placeholderRelease(service: string, environment: string): ReleaseFile {
  return {
    version: 1,
    service,
    environment,
    image: imageReference(imageRepository(`registry.invalid/${service}`), zeroDigest),
    source: { repository: service, commit: '0'.repeat(40) as CommitSha },
    evidence: { platforms: {}, sboms: {}, verdict: 'passed', databases: [], signedBy: zeroDigest },
  };
}

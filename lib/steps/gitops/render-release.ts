import { type Catalog, type Service, serviceInEnvironment } from '../../catalog';
import type { ReleaseFile, Renderer } from '../../ledger';
import type { Built } from '../../release';
import { type CommitSha, type Digest, imageReference, imageRepository } from '../../values';

/** The manifests that a release of a service would bring, in every environment: path in the ledger → text. */
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
        ...supposed(service.name, environment.name),
        image: imageReference(release.image.repository, release.image.digest),
        source: release.source,
      }),
    ]),
  );
}

const nothing = `sha256:${'0'.repeat(64)}` as Digest;

/** A release that has not come so far: manifests name its image and nothing else of it. */
export function supposed(service: string, environment: string): ReleaseFile {
  return {
    version: 1,
    service,
    environment,
    image: imageReference(imageRepository(`registry.invalid/${service}`), nothing),
    source: { repository: service, commit: '0'.repeat(40) as CommitSha },
    evidence: { platforms: {}, sboms: {}, verdict: 'passed', databases: [], signedBy: nothing },
  };
}

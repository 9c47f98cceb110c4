import { ecrHost, type Platform } from '../catalog';
import { parseImageReference } from '../values';

/** A repository of the pipeline account's own registry that bases of the catalog lie in. */
export interface EcrBaseRepository {
  /** By name, without the registry's host. */
  readonly repository: string;
  /** Whether it lies below {@link baseCachePrefix}, where ECR fetches what is missing from an upstream. */
  readonly cached: boolean;
}

/** Below it are the repositories of cached upstreams. ECR takes a prefix of at most 30 characters. */
export function baseCachePrefix(platform: Pick<Platform, 'name'>): string {
  return `${platform.name}/base`;
}

/** Where the catalog's bases lie in the pipeline account's own registry, if they do. */
export function ecrBaseRepositories(platform: Platform): readonly EcrBaseRepository[] {
  const host = `${ecrHost(platform)}/`;
  const repositories = Object.values(platform.bases)
    .filter((image) => image !== undefined)
    .map((image) => parseImageReference(image).repository)
    .filter((repository) => repository.startsWith(host))
    .map((repository) => repository.slice(host.length));
  return [...new Set(repositories)].sort().map((repository) => ({
    repository,
    cached: repository.startsWith(`${baseCachePrefix(platform)}/`),
  }));
}

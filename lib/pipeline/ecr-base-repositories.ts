import { ecrHost, type Platform } from '../catalog';
import { parseImageReference } from '../values';

/** An ECR repository of the pipeline account that holds a base image of the catalog. */
export interface EcrBaseRepository {
  /** Name without the registry host. */
  readonly repository: string;
  /** Whether the repository is below {@link baseCachePrefix}, where ECR fetches missing images from an upstream registry. */
  readonly isCached: boolean;
}

/** Lists the repositories of the pipeline account's ECR registry from which the catalog takes base images. */
export function ecrBaseRepositories(platform: Platform): readonly EcrBaseRepository[] {
  const host = `${ecrHost(platform)}/`;
  const repositories = Object.values(platform.bases)
    .filter((image) => image !== undefined)
    .map((image) => parseImageReference(image).repository)
    .filter((repository) => repository.startsWith(host))
    .map((repository) => repository.slice(host.length));
  return [...new Set(repositories)].sort().map((repository) => ({
    repository,
    isCached: repository.startsWith(`${baseCachePrefix(platform)}/`),
  }));
}

/** Prefix of the repositories that cache upstream registries. ECR limits such a prefix to 30 characters. */
export function baseCachePrefix(platform: Pick<Platform, 'name'>): string {
  return `${platform.name}/base`;
}

import type { Platform } from './schema/platform';

/** The hosts of the providers that a connection can lead to. */
export const providerHosts = { github: 'github.com', bitbucket: 'bitbucket.org', gitlab: 'gitlab.com' } as const;

/**
 * Where the host of the source has a repository.
 * @param repository `owner/repository`, or the name of a CodeCommit repository
 */
export function sourceUrl({ source, pipeline }: Pick<Platform, 'source' | 'pipeline'>, repository: string): string {
  const host =
    source.kind === 'codecommit'
      ? `git-codecommit.${pipeline.region}.amazonaws.com/v1/repos`
      : providerHosts[source.provider];
  return `https://${host}/${repository}`;
}

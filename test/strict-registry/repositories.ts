import type { RepositorySettings } from './strict-registry';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

interface RepositoryProperties {
  readonly RepositoryName: string;
  readonly ImageTagMutability?: 'MUTABLE' | 'IMMUTABLE' | 'IMMUTABLE_WITH_EXCLUSION';
  readonly ImageTagMutabilityExclusionFilters?: readonly { readonly ImageTagMutabilityExclusionFilterValue: string }[];
}

/** The repositories that templates create, with their settings. */
export function repositoriesOf(templates: Iterable<Template>): Readonly<Record<string, RepositorySettings>> {
  const repositories = [...templates]
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::ECR::Repository')
    .map(({ Properties }) => Properties as RepositoryProperties);
  return Object.fromEntries(
    repositories.map(({ RepositoryName, ImageTagMutability = 'MUTABLE', ImageTagMutabilityExclusionFilters = [] }) => [
      RepositoryName,
      {
        tags: ImageTagMutability === 'MUTABLE' ? 'mutable' : 'immutable',
        exclusions: ImageTagMutabilityExclusionFilters.map((filter) => filter.ImageTagMutabilityExclusionFilterValue),
      } as const,
    ]),
  );
}

import { forEach, list, member, type Rule } from './rule';

export const immutableTags: Rule = {
  id: 'immutable-tags',
  title: 'A tag of an image or of evidence never moves',
  why: 'A tag that can be moved lets another image stand where a reviewed one stood. A cache must move its tag, so caches live in repositories of their own (…/cache/…); evidence may grow an index under `sha256-*` alone.',
  check: forEach(
    'AWS::ECR::Repository',
    ({ RepositoryName, ImageTagMutability, ImageTagMutabilityExclusionFilters }) => {
      if (String(RepositoryName).split('/').includes('cache')) {
        return [];
      }
      const exclusions = list(ImageTagMutabilityExclusionFilters).map((filter) =>
        String(member(filter, 'ImageTagMutabilityExclusionFilterValue')),
      );
      if (ImageTagMutability === 'IMMUTABLE_WITH_EXCLUSION' && exclusions.every((value) => value === 'sha256-*')) {
        return [];
      }
      return ImageTagMutability === 'IMMUTABLE'
        ? []
        : [
            `${RepositoryName} is ${ImageTagMutability ?? 'MUTABLE'}${exclusions.length > 0 ? ` but for ${exclusions.join(', ')}` : ''}`,
          ];
    },
  ),
};

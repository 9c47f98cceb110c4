import { checkEach, isCacheRepository, type Rule, readMember, toList } from '../rule';

export const immutableTags: Rule = {
  id: 'immutable-tags',
  title: 'Tags of images and of evidence are immutable',
  why: 'A mutable tag lets another image replace a reviewed one. A cache must overwrite its tag, so caches have their own repositories (…/cache/…). In evidence, only the index of referrers (`sha256-*`) is mutable.',
  check: checkEach(
    'AWS::ECR::Repository',
    ({ RepositoryName, ImageTagMutability, ImageTagMutabilityExclusionFilters }) => {
      if (isCacheRepository(RepositoryName) || ImageTagMutability === 'IMMUTABLE') {
        return [];
      }
      const exclusions = toList(ImageTagMutabilityExclusionFilters).map((filter) =>
        String(readMember(filter, 'ImageTagMutabilityExclusionFilterValue')),
      );
      if (ImageTagMutability === 'IMMUTABLE_WITH_EXCLUSION' && exclusions.every((value) => value === 'sha256-*')) {
        return [];
      }
      const exceptions = exclusions.length > 0 ? ` except for ${exclusions.join(', ')}` : '';
      return [`${RepositoryName} is ${ImageTagMutability ?? 'MUTABLE'}${exceptions}`];
    },
  ),
};

import { immutableTags } from '../../../../lib/pipeline/rules/definitions/immutable-tags';
import { checkRule, resource } from '../check-rule';

const repository = (RepositoryName: string, ImageTagMutability?: string, pattern?: string) =>
  resource('AWS::ECR::Repository', {
    RepositoryName,
    ImageTagMutability,
    ...(pattern === undefined
      ? {}
      : {
          ImageTagMutabilityExclusionFilters: [
            { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: pattern },
          ],
        }),
  });

checkRule(immutableTags, {
  passes: {
    'immutable images': repository('acme/hello', 'IMMUTABLE'),
    'evidence with a mutable index of referrers': repository(
      'acme/signatures/hello',
      'IMMUTABLE_WITH_EXCLUSION',
      'sha256-*',
    ),
    'a cache': repository('acme/cache/hello', 'MUTABLE'),
  },
  finds: {
    'the default of ECR': [repository('acme/hello'), 'acme/hello is MUTABLE'],
    'an exclusion for any tag': [repository('acme/hello', 'IMMUTABLE_WITH_EXCLUSION', '*'), 'except for *'],
    'a service with a name like a cache': [repository('acme/cached', 'MUTABLE'), 'MUTABLE'],
  },
});

import { noImageExpiry } from '../../../../lib/pipeline/rules/definitions/no-image-expiry';
import { checkRule, resource } from '../check-rule';

const repository = (RepositoryName: string, LifecyclePolicy?: object) =>
  resource('AWS::ECR::Repository', { RepositoryName, LifecyclePolicy });

checkRule(noImageExpiry, {
  passes: {
    'images without a lifecycle policy': repository('acme/hello'),
    'a cache with a lifecycle policy': repository('acme/cache/hello', { LifecyclePolicyText: '{}' }),
  },
  finds: {
    'a lifecycle policy for images': [
      repository('acme/hello', { LifecyclePolicyText: '{}' }),
      'acme/hello has a lifecycle policy',
    ],
    'a lifecycle policy for evidence': [
      repository('acme/signatures/hello', { LifecyclePolicyText: '{}' }),
      'signatures',
    ],
  },
});

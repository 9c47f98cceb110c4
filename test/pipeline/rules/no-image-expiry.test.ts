import { noImageExpiry } from '../../../lib/pipeline/rules/no-image-expiry';
import { checkRule, resource } from './check-rule';

const repository = (RepositoryName: string, LifecyclePolicy?: object) =>
  resource('AWS::ECR::Repository', { RepositoryName, LifecyclePolicy });

checkRule(noImageExpiry, {
  passes: {
    'images without a rule': repository('acme/hello'),
    'a cache with one': repository('acme/cache/hello', { LifecyclePolicyText: '{}' }),
  },
  finds: {
    'a rule for images': [repository('acme/hello', { LifecyclePolicyText: '{}' }), 'acme/hello has a lifecycle policy'],
    'a rule for evidence': [repository('acme/signatures/hello', { LifecyclePolicyText: '{}' }), 'signatures'],
  },
});

import { forEach, member, type Rule } from './rule';

export const noImageExpiry: Rule = {
  id: 'no-image-expiry',
  title: 'No rule expires images or evidence',
  why: 'A cluster asks for its image again whenever a node is new, also after years. Platform images of an index have no tag, and evidence has none either, so a rule for untagged images would take them away.',
  check: forEach('AWS::ECR::Repository', ({ RepositoryName, LifecyclePolicy }) =>
    member(LifecyclePolicy, 'LifecyclePolicyText') !== undefined && !String(RepositoryName).split('/').includes('cache')
      ? [`${RepositoryName} has a lifecycle policy`]
      : [],
  ),
};

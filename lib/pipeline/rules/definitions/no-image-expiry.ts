import { checkEach, isCacheRepository, type Rule, readMember } from '../rule';

export const noImageExpiry: Rule = {
  id: 'no-image-expiry',
  title: 'No lifecycle policy expires images or evidence',
  why: 'A new node pulls the image of a running workload, even after years. The platform images of an index and all evidence have no tag, so a lifecycle rule for untagged images would delete them.',
  check: checkEach('AWS::ECR::Repository', ({ RepositoryName, LifecyclePolicy }) =>
    readMember(LifecyclePolicy, 'LifecyclePolicyText') !== undefined && !isCacheRepository(RepositoryName)
      ? [`${RepositoryName} has a lifecycle policy`]
      : [],
  ),
};

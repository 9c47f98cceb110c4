import { onCodeCommit, onGitHub } from './rich-platforms';
import { type Resource, synthesize } from './synthesize';

/** What a resource is called on AWS, where a template says so: CloudFormation makes no second one of that name. */
const nameOf = ({ Properties = {} }: Resource) =>
  Object.entries(Properties).find(([property]) => /^(?:.*Name|Name)$/.test(property))?.[1];

test.each([
  ['sources on GitHub', onGitHub],
  ['sources in CodeCommit', onCodeCommit],
])('a first deployment that failed leaves nothing that stands in the way of the next, with %s', (_, platform) => {
  const resources = [...synthesize(platform).templates.values()].flatMap(({ Resources }) => Object.values(Resources));
  const named = resources.filter((resource) => nameOf(resource) !== undefined);
  expect(named.length).toBeGreaterThan(40);
  // A rollback of a creation passes over "Retain", and the retry ends in "already exists".
  expect(named.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(nameOf)).toEqual([]);
  const kept = resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
  expect(new Set(kept.map(({ Type }) => Type))).toEqual(
    new Set(['AWS::KMS::Key', 'AWS::ECR::Repository', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket']),
  );
  for (const { UpdateReplacePolicy } of kept) {
    expect(UpdateReplacePolicy).toBe('Retain');
  }
});

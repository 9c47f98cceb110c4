import { onCodeCommit, onGitHub } from './rich-platforms';
import { type Resource, synthesize } from './synthesize';

/** The physical name of a resource, if the template sets one: CloudFormation cannot create a second resource of that name. */
const nameOf = ({ Properties = {} }: Resource) =>
  Object.entries(Properties).find(([property]) => /^(?:.*Name|Name)$/.test(property))?.[1];

test.each([
  ['sources on GitHub', onGitHub],
  ['sources in CodeCommit', onCodeCommit],
])('a failed first deployment leaves no resource that blocks the next one, with %s', (_, platform) => {
  const resources = [...synthesize(platform).templates.values()].flatMap(({ Resources }) => Object.values(Resources));
  const named = resources.filter((resource) => nameOf(resource) !== undefined);
  expect(named.length).toBeGreaterThan(40);
  // The rollback of a creation keeps resources with "Retain", so a retry would fail with "already exists".
  expect(named.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(nameOf)).toEqual([]);
  const retained = resources.filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
  expect(new Set(retained.map(({ Type }) => Type))).toEqual(
    new Set(['AWS::KMS::Key', 'AWS::ECR::Repository', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket']),
  );
  for (const { UpdateReplacePolicy } of retained) {
    expect(UpdateReplacePolicy).toBe('Retain');
  }
});

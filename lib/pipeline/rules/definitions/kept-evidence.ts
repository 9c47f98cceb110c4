import { isCacheRepository, type Rule } from '../rule';

const retainedTypes = new Set(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup', 'AWS::ECR::Repository']);

export const keptEvidence: Rule = {
  id: 'kept-evidence',
  title: 'Resources that cannot be recreated outlive their stack',
  why: 'Deleting a stack must not delete a signing key, the image of a running workload, its evidence, or the log of its release. Builds recreate caches.',
  check: (resources) =>
    Object.entries(resources)
      .filter(
        ([, { Type, Properties, DeletionPolicy }]) =>
          retainedTypes.has(Type) &&
          !isCacheRepository(Properties?.RepositoryName) &&
          DeletionPolicy !== 'Retain' &&
          DeletionPolicy !== 'RetainExceptOnCreate',
      )
      .map(([resource, { Type, DeletionPolicy }]) => ({
        resource,
        message: `${Type} has the deletion policy ${DeletionPolicy ?? 'Delete'}`,
      })),
};

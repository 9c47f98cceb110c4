import type { Rule } from './rule';

const kept = new Set(['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup', 'AWS::ECR::Repository']);

export const keptEvidence: Rule = {
  id: 'kept-evidence',
  title: 'What can not be had back outlives its stack',
  why: 'Deleting a stack must not delete a key that signed, an image that runs, its evidence, or the log of how it came to be. Caches are built again.',
  check: (resources) =>
    Object.entries(resources)
      .filter(([, { Type, Properties, DeletionPolicy }]) => {
        const isCache = String(Properties?.RepositoryName).split('/').includes('cache');
        return kept.has(Type) && !isCache && DeletionPolicy !== 'Retain' && DeletionPolicy !== 'RetainExceptOnCreate';
      })
      .map(([resource, { Type, DeletionPolicy }]) => ({
        resource,
        message: `${Type} has the deletion policy ${DeletionPolicy ?? 'Delete'}`,
      })),
};

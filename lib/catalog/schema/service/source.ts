import { z } from 'zod';
import { branchField, sourcePathField } from '../fields';

const repositoryField = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/, 'owner/repository')
  .refine(
    (name) => !/\.git$/i.test(name),
    'the name of the repository without ".git", which is not part of it: owner/repository',
  );

/** Where the source of a service is, and what releases it. */
export const sourceSchema = z.strictObject({
  repository: repositoryField.describe(
    'The source repository: owner/repository for a connection, or only the name for CodeCommit.',
  ),
  branch: branchField.default('main').describe('The branch to release. Each push starts the pipeline.'),
  clone: z
    .enum(['archive', 'full'])
    .default('archive')
    .describe(
      'What the pipeline builds. archive: the files that git itself has, without submodules, and with pointers in place of files in Git LFS. full: a clone with its submodules and the content of Git LFS; the build, the scan and the builds of pull requests may then read the repository.',
    ),
  submodules: z
    .array(repositoryField)
    .max(20, 'at most 20 repositories')
    .default([])
    .describe(
      'Private repositories on the same git host that are submodules: with clone: full, the pipeline may read them, too. Public submodules need no entry.',
    ),
  directory: sourcePathField
    .default('.')
    .describe('The folder that contains go.mod, relative to the root of the repository.'),
  paths: z
    .array(sourcePathField)
    .default([])
    .describe(
      'Additional folders and files whose changes release this service, such as [cmd/hello, internal], in a repository with several services. If the name of a folder contains a dot, end it with "/". Default: only the directory.',
    ),
});

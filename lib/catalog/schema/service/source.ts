import { z } from 'zod';
import { branchField, sourcePathField } from '../fields';

/** Where the source of a service is, and what releases it. */
export const sourceSchema = z.strictObject({
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/, 'owner/repository')
    .describe('The source repository: owner/repository for a connection, or only the name for CodeCommit.'),
  branch: branchField.default('main').describe('The branch to release. Each push starts the pipeline.'),
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

import { parse } from 'yaml';
import { z } from 'zod';

const phaseSchema = z.strictObject({
  commands: z.array(z.string()).default([]),
  finally: z.array(z.string()).default([]),
});

const buildspecSchema = z.strictObject({
  version: z.union([z.literal('0.2'), z.literal(0.2)]),
  env: z
    .strictObject({
      shell: z.literal('bash').optional(),
      variables: z.record(z.string(), z.coerce.string()).default({}),
      'exported-variables': z.array(z.string()).default([]),
      // The source of a local run is complete: git needs no login.
      'git-credential-helper': z.enum(['yes', 'no']).optional(),
    })
    .prefault({}),
  phases: z.strictObject({
    install: phaseSchema.optional(),
    pre_build: phaseSchema.optional(),
    build: phaseSchema.optional(),
    post_build: phaseSchema.optional(),
  }),
  artifacts: z
    .strictObject({
      'base-directory': z.string().default('.'),
      // The local run makes the whole folder the artifact.
      files: z.array(z.string()).refine((files) => files.length === 1 && files[0] === '**/*', {
        error: 'expected ["**/*"], the whole folder',
      }),
    })
    .optional(),
});

/** The part of the CodeBuild buildspec format (version 0.2) that the pipelines use. Anything else is an error. */
export type Buildspec = z.output<typeof buildspecSchema>;

/** @throws Error that names a field that the local run does not support */
export function parseBuildspec(text: string): Buildspec {
  const parsed = buildspecSchema.safeParse(parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `the local run does not support this buildspec at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`,
    );
  }
  return parsed.data;
}

/** The phases, in the order in which CodeBuild runs them. */
export const phases = ['install', 'pre_build', 'build', 'post_build'] as const;

import { z } from 'zod';
import {
  binaryPlatforms,
  type CommitSha,
  type Digest,
  type GitRef,
  type ImageRepository,
  type Instant,
  imagePlatforms,
  isDigest,
  isGitRef,
  isImageRepository,
  isInstant,
} from '../values';

/* The field types of a release record. Whatever becomes a file path or a part of a reference has a grammar or is an enumeration. */

export const digestField = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'must be a sha256 digest',
);

export const commitField = z.custom<CommitSha>(
  (value) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value),
  'must be a commit of 40 hexadecimal digits',
);

export const refField = z.custom<GitRef>(
  (value) => typeof value === 'string' && isGitRef(value),
  'must be the full name of a branch, such as refs/heads/main',
);

export const instantField = z.custom<Instant>(
  (value) => typeof value === 'string' && isInstant(value),
  'must be a time in UTC to the second, such as 2026-11-30T01:50:44Z',
);

export const imageRepositoryField = z.custom<ImageRepository>(
  (value) => typeof value === 'string' && isImageRepository(value),
  'must be an image repository',
);

/** The name of a service, an environment or an environment class, as in the catalog. */
export const nameField = z.string().regex(/^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/, 'must be a name of the catalog');

/** `owner/repository`, or the name of a CodeCommit repository, as in the catalog. */
export const sourceRepositoryField = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/, 'must be a source repository');

/** The path of a file in the source, without `.` and `..`. */
export const sourceFileField = z
  .string()
  .max(4096)
  .regex(
    /^(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)*$/u,
    'must be the path of a file of the source',
  );

/** Grammar of the OCI distribution specification. */
export const tagField = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, 'must be a tag');

export const binaryPlatformField = z.enum(binaryPlatforms);

/** The file name of a plain binary: it becomes a path. */
export const binaryFileField = z
  .string()
  .regex(/^[a-z][-a-z0-9]{0,40}(?:-[a-z0-9]+){2}(?:\.exe)?$/, 'must be the file name of a binary');

const imagePlatformKey = z
  .string()
  .refine(
    (name) => (imagePlatforms as readonly string[]).includes(name),
    `must be one of ${imagePlatforms.join(', ')}`,
  );

/** A value for each target platform of an image, for at least one. */
export function byImagePlatform<Value extends z.ZodType>(value: Value) {
  return z
    .record(imagePlatformKey, value)
    .refine((entries) => Object.keys(entries).length > 0, 'must have at least one platform');
}

/** A value for some of the target platforms of an image. */
export function bySomeImagePlatforms<Value extends z.ZodType>(value: Value) {
  return z.record(imagePlatformKey, value);
}

export const sourceSchema = z.strictObject({
  repository: sourceRepositoryField,
  commit: commitField,
  /** What the pipeline releases, such as `refs/heads/main`. From the control plane of the pipeline, never from the build. */
  ref: refField,
});

export const sbomSchema = z.strictObject({ digest: digestField, components: z.int() });

/** A program that looked at the release, and its version. */
export const toolSchema = z.strictObject({ name: z.string().min(1), version: z.string().min(1) });

import { z } from 'zod';
import {
  type CommitSha,
  canonicalJson,
  type Digest,
  type ImageReference,
  isDigest,
  isImageReference,
  parseImageReference,
} from '../values';

const digestField = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'a digest');
const commitField = z.custom<CommitSha>(
  (value) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value),
  'a commit',
);

const releaseFileSchema = z.strictObject({
  version: z.literal(1),
  service: z.string(),
  environment: z.string(),
  /** `repository@sha256:…` of the image index to run. */
  image: z.custom<ImageReference>(
    (value) => typeof value === 'string' && isImageReference(value),
    'an image by digest',
  ),
  source: z.strictObject({
    repository: z.string(),
    commit: commitField,
    /** What was released, such as `refs/heads/main`. Absent in files of former versions. */
    ref: z.string().optional(),
  }),
  evidence: z.strictObject({
    platforms: z.record(z.string(), digestField),
    sboms: z.record(z.string(), digestField),
    verdict: z.literal('passed'),
    /** The time of the scan, in UTC. Absent in files of former versions. */
    scannedAt: z.string().optional(),
    /** The vulnerability databases of the scan. The fixture database is marked as such. */
    databases: z.array(z.string()),
    signedBy: digestField,
  }),
});

/** `releases/<environment>/<service>.json` of the ledger: the image to run, and the evidence it was promoted with. */
export type ReleaseFile = z.output<typeof releaseFileSchema>;

/** @throws Error that names the field if the text is not a release file */
export function parseReleaseFile(text: string): ReleaseFile {
  const parsed = releaseFileSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`malformed release file at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`);
  }
  return parsed.data;
}

export function serializeReleaseFile(release: ReleaseFile): string {
  return canonicalJson(release);
}

/** The image digest of a release file. */
export function releasedDigest(release: ReleaseFile): Digest {
  return parseImageReference(release.image).digest;
}

import { z } from 'zod';
import { bySomeImagePlatforms, digestField, imageRepositoryField, nameField } from './fields';
import { type Scanned, scannedSchema } from './record';

const { source, scannedAt, tools, sboms, binarySboms, verdict, start, tests } = scannedSchema.shape;

/** The predicate of a verdict attestation, as it is read back. What it says was signed; whether that is enough is judged where it is used. */
const verdictPredicateSchema = z.strictObject({
  service: nameField,
  source,
  image: z.strictObject({
    repository: imageRepositoryField,
    digest: digestField,
    platforms: bySomeImagePlatforms(digestField),
  }),
  sboms,
  binarySboms,
  scannedAt,
  tools,
  verdict,
  start,
  tests,
});

/** Everything that a later judgement needs, so that it believes only what is signed. */
export type VerdictPredicate = z.output<typeof verdictPredicateSchema>;

/**
 * The predicate of the verdict attestation (`https://bowline.dev/verdict/v2`). `scannedAt` makes it one attestation per scan.
 */
export function verdictPredicate(release: Omit<Scanned, 'version' | 'stage' | 'binaries'>): VerdictPredicate {
  return {
    service: release.service,
    source: release.source,
    image: { repository: release.image.repository, digest: release.image.digest, platforms: release.image.platforms },
    sboms: release.sboms,
    binarySboms: release.binarySboms,
    scannedAt: release.scannedAt,
    tools: release.tools,
    verdict: release.verdict,
    ...(release.start === undefined ? {} : { start: release.start }),
    ...(release.tests === undefined ? {} : { tests: release.tests }),
  };
}

export type ReadPredicate =
  | { readonly ok: true; readonly predicate: VerdictPredicate }
  | { readonly ok: false; readonly message: string };

/** Reads a signed predicate. @returns where it is malformed, if it is */
export function readVerdictPredicate(value: unknown): ReadPredicate {
  const parsed = verdictPredicateSchema.safeParse(value);
  if (parsed.success) {
    return { ok: true, predicate: parsed.data };
  }
  const [issue] = parsed.error.issues;
  return { ok: false, message: `${issue?.path.join('.') || 'its root'}: ${issue?.message}` };
}

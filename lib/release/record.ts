import { z } from 'zod';
import { inconclusive } from '../errors';
import {
  type CommitSha,
  canonicalJson,
  type Digest,
  digestOf,
  type ImageRepository,
  isDigest,
  isImageRepository,
} from '../values';

const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value), 'a sha256 digest');
const commitSchema = z.custom<CommitSha>(
  (value) => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value),
  'a commit of 40 hexadecimal digits',
);
const repositorySchema = z.custom<ImageRepository>(
  (value) => typeof value === 'string' && isImageRepository(value),
  'an image repository',
);

const imageSchema = z.strictObject({
  repository: repositorySchema,
  /** Digest of the index: what is deployed. */
  digest: digestSchema,
  /** Digest of the image of each platform, such as `linux/amd64`. */
  platforms: z.record(z.string(), digestSchema),
  /** A label for people, pushed after the digest; never a name. */
  tag: z.string(),
});

const findingSchema = z.strictObject({
  id: z.string(),
  aliases: z.array(z.string()),
  package: z.string(),
  version: z.string(),
  severity: z.enum(['unknown', 'negligible', 'low', 'medium', 'high', 'critical']),
  fixedIn: z.string().optional(),
  /** What is wrong, where a configuration is: advisories are told by their names. */
  title: z.string().optional(),
  /** The scanner that found it. */
  source: z.string(),
  /** A vulnerable function is really called (govulncheck). */
  reachable: z.boolean(),
  /** What the policy says of it. */
  decision: z.enum(['blocks', 'accepted', 'allowed']),
  reason: z.string(),
});

const databaseSchema = z.strictObject({
  scanner: z.string(),
  /** `feed`: the scanner's own; `fixture`: the small database of this project, for demo and tests, never evidence about the world. */
  origin: z.enum(['feed', 'fixture']),
  builtAt: z.string(),
});

const verdictSchema = z.strictObject({
  outcome: z.enum(['passed', 'blocked', 'inconclusive']),
  /** Why, in words with a stable code first. */
  reasons: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  findings: z.array(findingSchema),
  databases: z.array(databaseSchema),
  /** sha256 of the policy that was applied. */
  policy: digestSchema,
});

const builtSchema = z.strictObject({
  version: z.literal(1),
  stage: z.literal('built'),
  service: z.string(),
  source: z.strictObject({ repository: z.string(), commit: commitSchema }),
  image: imageSchema,
  binaries: z.array(z.strictObject({ platform: z.string(), file: z.string(), digest: digestSchema })),
});

const sbomSchema = z.strictObject({ digest: digestSchema, components: z.int() });

const scannedSchema = builtSchema.extend({
  stage: z.literal('scanned'),
  /** SBOM of each platform: digest of the CycloneDX document that the file `sbom/<os>-<arch>.cdx.json` holds. */
  sboms: z.record(z.string(), sbomSchema),
  verdict: verdictSchema,
});

const signatureSchema = z.strictObject({
  /** Environment class whose key signed. */
  class: z.string(),
  /** sha256 of the public key (DER). */
  publicKey: digestSchema,
  signatures: repositorySchema,
});

const signedSchema = scannedSchema.extend({ stage: z.literal('signed'), signatures: z.array(signatureSchema).min(1) });

const promotionSchema = z.strictObject({ environment: z.string(), ledgerCommit: commitSchema });

const promotedSchema = signedSchema.extend({
  stage: z.literal('promoted'),
  promotions: z.array(promotionSchema).min(1),
});

const recordSchema = z.discriminatedUnion('stage', [builtSchema, scannedSchema, signedSchema, promotedSchema]);

/** What build says: an image by digest, out of a commit. */
export type Built = z.output<typeof builtSchema>;
/** What scan adds: SBOMs, findings and the verdict. */
export type Scanned = z.output<typeof scannedSchema>;
/** What sign adds: whose key signed, and where the signatures lie. */
export type Signed = z.output<typeof signedSchema>;
/** What promote adds: the environment and the ledger commit. */
export type Promoted = z.output<typeof promotedSchema>;

/** One release on its way: each verb receives it, extends it and hands it on. */
export type Release = z.output<typeof recordSchema>;
export type ReleaseStage = Release['stage'];
export type Finding = z.output<typeof findingSchema>;
export type Verdict = z.output<typeof verdictSchema>;
export type VulnerabilityDatabase = z.output<typeof databaseSchema>;

/** The bytes of a record, and the sha256 that the next verb must be shown: artifacts alone prove nothing. */
export function writeRecord(release: Release): { readonly text: string; readonly sha256: Digest } {
  const text = canonicalJson(release);
  return { text, sha256: digestOf(text) };
}

/**
 * Reads a record.
 * @param expected sha256 that the verb before exported; the text must hash to it.
 * @throws BowlineError `record-altered` when it does not, `record-malformed` when it is not a record.
 */
export function readRecord(text: string, expected: Digest): Release {
  const found = digestOf(text);
  if (found !== expected) {
    throw inconclusive(
      'record-altered',
      `the release record is not the one that was handed on: expected ${expected}, found ${found}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw inconclusive('record-malformed', 'the release record is not JSON');
  }
  const parsed = recordSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw inconclusive(
      'record-malformed',
      `the release record is malformed at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`,
    );
  }
  return parsed.data;
}

const order: readonly ReleaseStage[] = ['built', 'scanned', 'signed', 'promoted'];

/** Asserts that a release has come at least this far. @throws BowlineError `record-too-early`. */
export function requireStage(release: Release, stage: 'scanned'): Scanned | Signed | Promoted;
export function requireStage(release: Release, stage: 'signed'): Signed | Promoted;
export function requireStage(release: Release, stage: ReleaseStage): Release {
  if (order.indexOf(release.stage) < order.indexOf(stage)) {
    throw inconclusive('record-too-early', `this release is ${release.stage}; it has to be ${stage} before this step`);
  }
  return release;
}

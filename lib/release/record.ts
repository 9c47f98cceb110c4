import { z } from 'zod';
import { inconclusive } from '../errors';
import { canonicalJson, type Digest, digestOf } from '../values';
import { contradiction } from './cross-checks';
import {
  binaryFileField,
  binaryPlatformField,
  byImagePlatform,
  bySomeImagePlatforms,
  commitField,
  digestField,
  imageRepositoryField,
  instantField,
  nameField,
  sbomSchema,
  sourceFileField,
  sourceSchema,
  tagField,
  toolSchema,
} from './fields';

/** The version of the format. Records of version 1 have neither the ref nor the time of the scan. */
export const recordVersion = 2;

const imageSchema = z.strictObject({
  repository: imageRepositoryField,
  /** The digest of the image index, which is deployed. */
  digest: digestField,
  /** The image digests by target platform, such as `linux/amd64`. */
  platforms: byImagePlatform(digestField),
  /** For people. No step resolves an image by its tag. */
  tag: tagField,
});

const findingSchema = z.strictObject({
  id: z.string(),
  aliases: z.array(z.string()),
  package: z.string(),
  version: z.string(),
  severity: z.enum(['unknown', 'negligible', 'low', 'medium', 'high', 'critical']),
  fixedIn: z.string().optional(),
  /** The title of a configuration finding. Advisories are identified by their ID. */
  title: z.string().optional(),
  /** The scanner that found it. */
  source: z.string(),
  /** All scanners that found it. */
  sources: z.array(z.string()).min(1),
  /** Whether the service calls a vulnerable function (govulncheck). */
  reachable: z.boolean(),
  /** The decision of the policy. */
  decision: z.enum(['blocks', 'accepted', 'allowed']),
  reason: z.string(),
});

const databaseSchema = z.strictObject({
  scanner: z.string(),
  /** `feed`: the database of the scanner. `fixture`: the small database of this project for demos and tests, which is no evidence. */
  origin: z.enum(['feed', 'fixture']),
  builtAt: z.string(),
});

const verdictSchema = z.strictObject({
  outcome: z.enum(['passed', 'blocked', 'inconclusive']),
  /** The reasons, each with a stable code. */
  reasons: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  findings: z.array(findingSchema),
  databases: z.array(databaseSchema),
  /** The sha256 digest of the applied policy. */
  policy: digestField,
});

/** What the first start of the image in the build found. It has no times and no output, so that the same image gives the same record. */
const startSchema = z.strictObject({
  /** `not-started`: the machine of the build cannot run the image. */
  outcome: z.enum(['started', 'not-started', 'skipped']),
  /** Why the image was not started. */
  reason: z.string().optional(),
  /** The outcome by target platform. The program of a platform that is not started is checked for its architecture and its libraries. */
  platforms: bySomeImagePlatforms(z.enum(['started', 'not-started', 'skipped'])),
  /** What was found that does not reject the release, each with a stable code. */
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
});

/** What the team's own tests found before the image was built. Failed tests have no record. */
const testsSchema = z.strictObject({
  passed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  packages: z.int().positive(),
});

const builtSchema = z.strictObject({
  version: z.literal(recordVersion),
  stage: z.literal('built'),
  service: nameField,
  source: sourceSchema,
  image: imageSchema,
  binaries: z.array(z.strictObject({ platform: binaryPlatformField, file: binaryFileField, digest: digestField })),
  /** Absent in records of versions that did not start the image. */
  start: startSchema.optional(),
  /** Absent where the catalog asks for no tests. */
  tests: testsSchema.optional(),
});

export const scannedSchema = builtSchema.extend({
  stage: z.literal('scanned'),
  scannedAt: instantField,
  /** The programs that looked at the release, by name. */
  tools: z.array(toolSchema).min(1),
  /** The digests of the CycloneDX documents `sbom/<os>-<arch>.cdx.json` by target platform. */
  sboms: byImagePlatform(sbomSchema),
  /** The digests of the CycloneDX documents of the plain binaries, by their file names. */
  binarySboms: z.record(binaryFileField, sbomSchema),
  /** The digests of go.mod, go.sum and their like in the source, by path: what the provenance says about modules. */
  moduleFiles: z.record(sourceFileField, digestField),
  verdict: verdictSchema,
});

const signatureSchema = z.strictObject({
  /** The environment class of the signing key. */
  class: nameField,
  /** The sha256 digest of the public key (DER). */
  publicKey: digestField,
  signatures: imageRepositoryField,
});

const signedSchema = scannedSchema.extend({ stage: z.literal('signed'), signatures: z.array(signatureSchema).min(1) });

const promotionSchema = z.strictObject({ environment: nameField, ledgerCommit: commitField });

const promotedSchema = signedSchema.extend({
  stage: z.literal('promoted'),
  promotions: z.array(promotionSchema).min(1),
});

const recordSchema = z.discriminatedUnion('stage', [builtSchema, scannedSchema, signedSchema, promotedSchema]);

/** The output of build: an image by digest and its source commit. */
export type Built = z.output<typeof builtSchema>;
/** The output of scan: adds SBOMs, findings and the verdict. */
export type Scanned = z.output<typeof scannedSchema>;
/** The output of sign: adds the signing keys and the repository of the signatures. */
export type Signed = z.output<typeof signedSchema>;
/** The output of promote: adds the environments and the ledger commits. */
export type Promoted = z.output<typeof promotedSchema>;

/** A release record. Each pipeline step receives, verifies and extends it. */
export type Release = z.output<typeof recordSchema>;
export type ReleaseStage = Release['stage'];
export type Finding = z.output<typeof findingSchema>;
/** The outcome of the first start of the image. */
export type FirstStart = z.output<typeof startSchema>;
export type Verdict = z.output<typeof verdictSchema>;
export type VulnerabilityDatabase = z.output<typeof databaseSchema>;
/** Whether the scanners use their feeds or the fixture databases. */
export type DatabaseOrigin = VulnerabilityDatabase['origin'];

/** Serializes a record. The next step verifies the record against the digest, because artifacts can be replaced. */
export function writeRecord(release: Release): { readonly text: string; readonly sha256: Digest } {
  const text = canonicalJson(release);
  return { text, sha256: digestOf(text) };
}

/**
 * Parses and verifies a record.
 * @param expected the digest that the previous step exported
 * @throws BowlineError `record-altered` if the digest does not match, `record-malformed` if the text is not a record, `record-outdated` if
 *   another version wrote it
 */
export function readRecord(text: string, expected: Digest): Release {
  const found = digestOf(text);
  if (found !== expected) {
    throw inconclusive(
      'record-altered',
      `the release record differs from the one that the previous step wrote: expected ${expected}, found ${found}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw inconclusive('record-malformed', 'the release record is not JSON');
  }
  requireVersion(json);
  const parsed = recordSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw inconclusive(
      'record-malformed',
      `the release record is malformed at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`,
    );
  }
  const problem = contradiction(parsed.data);
  if (problem !== undefined) {
    throw inconclusive('record-malformed', `the release record contradicts itself at ${problem}`);
  }
  return parsed.data;
}

/** Evidence that a former version did not record cannot be judged: @throws BowlineError `record-outdated` */
function requireVersion(json: unknown): void {
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && version !== recordVersion) {
    throw inconclusive(
      'record-outdated',
      `the release record has the format of version ${version}, and this program reads version ${recordVersion}: run the pipeline again from its source`,
    );
  }
}

const stageOrder: readonly ReleaseStage[] = ['built', 'scanned', 'signed', 'promoted'];

/** Asserts that a release has reached a stage. @throws BowlineError `record-too-early` */
export function requireStage(release: Release, stage: 'scanned'): Scanned | Signed | Promoted;
export function requireStage(release: Release, stage: 'signed'): Signed | Promoted;
export function requireStage(release: Release, stage: ReleaseStage): Release {
  if (stageOrder.indexOf(release.stage) < stageOrder.indexOf(stage)) {
    throw inconclusive(
      'record-too-early',
      `the stage of the release is ${release.stage}, but this step requires ${stage}: run the preceding steps first`,
    );
  }
  return release;
}

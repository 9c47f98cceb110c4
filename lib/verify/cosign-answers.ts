import { z } from 'zod';
import { openVexType } from '../gate';
import type { Outcome } from '../process';
import { provenanceType } from '../provenance';
import { canonicalJson, type Digest } from '../values';
import { readVerificationFailure, type VerificationFailure } from './cosign-errors';

/** The types of Bowline's attestations. */
export const predicateTypes = {
  sbom: 'https://cyclonedx.org/bom',
  verdict: 'https://bowline.dev/verdict/v2',
  vex: openVexType,
  provenance: provenanceType,
} as const;
export type PredicateType = keyof typeof predicateTypes;

/** The type that cosign gives to an image signature. `cosign verify` accepts attestations as well, which have another type. */
const signatureType = 'https://sigstore.dev/cosign/sign/v1';

/** How a run of cosign ended. */
export type CosignOutcome = Pick<Outcome, 'exitCode' | 'stdout' | 'stderr'>;

/** What a run of cosign says: the values that the key signed about exactly this image, or why there are none. */
export type CosignAnswer<Value> =
  | { readonly kind: 'signed'; readonly values: readonly Value[] }
  | { readonly kind: 'not-signed'; readonly failure: VerificationFailure }
  /** cosign did not run to its end, or wrote something unknown. Nothing is known. */
  | { readonly kind: 'unknown'; readonly message: string };

export type Annotations = Readonly<Record<string, string>>;

const claimsSchema = z.array(
  z.looseObject({
    critical: z.looseObject({ image: z.looseObject({ 'docker-manifest-digest': z.string() }), type: z.string() }),
    optional: z.record(z.string(), z.unknown()).nullish(),
  }),
);

/**
 * Reads the answer of `cosign verify`: the annotations of each signature of this image. The exit code is not enough: cosign accepts an attestation as
 * a signature, and passes when any one of several matches.
 */
export function readSignatures(outcome: CosignOutcome, image: Digest): CosignAnswer<Annotations> {
  return readAnswer(outcome, (stdout) =>
    claimsSchema
      .parse(JSON.parse(stdout))
      .filter(({ critical }) => critical.type === signatureType && critical.image['docker-manifest-digest'] === image)
      .map(({ optional }) =>
        Object.fromEntries(
          Object.entries(optional ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
        ),
      ),
  );
}

const envelopeSchema = z.looseObject({
  payloadType: z.literal('application/vnd.in-toto+json'),
  payload: z.string(),
  signatures: z.array(z.unknown()).min(1),
});
const statementSchema = z.looseObject({
  subject: z.array(z.looseObject({ digest: z.looseObject({ sha256: z.string() }) })).length(1),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/**
 * Reads the answer of `cosign verify-attestation`: the predicates of a type about exactly this image. Statements about several subjects are ignored:
 * they bind nothing to one image.
 */
export function readPredicates(outcome: CosignOutcome, image: Digest, type: PredicateType): CosignAnswer<unknown> {
  return readAnswer(outcome, (stdout) =>
    stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => {
        const envelope = envelopeSchema.parse(JSON.parse(line));
        const statement = statementSchema.safeParse(
          JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')),
        );
        const isAboutImage =
          statement.success &&
          `sha256:${statement.data.subject[0]?.digest.sha256}` === image &&
          statement.data.predicateType === predicateTypes[type];
        return isAboutImage ? [statement.data.predicate] : [];
      }),
  );
}

function readAnswer<Value>(outcome: CosignOutcome, read: (stdout: string) => readonly Value[]): CosignAnswer<Value> {
  if (outcome.exitCode !== 0) {
    const failure = readVerificationFailure(outcome.stderr);
    return failure === undefined
      ? { kind: 'unknown', message: `cosign failed: ${outcome.stderr.trim().split('\n').at(-1) ?? ''}` }
      : { kind: 'not-signed', failure };
  }
  try {
    const values = inCanonicalOrder(read(outcome.stdout));
    return values.length === 0 ? { kind: 'not-signed', failure: 'absent' } : { kind: 'signed', values };
  } catch {
    return { kind: 'unknown', message: 'cosign wrote something other than signatures and attestations' };
  }
}

/** Each value once. A registry lists evidence in the order of its digests: that says nothing, and decides nothing. */
function inCanonicalOrder<Value>(values: readonly Value[]): readonly Value[] {
  const byText = new Map(values.map((value) => [canonicalJson(value), value]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

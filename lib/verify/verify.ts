import { BowlineError, exitCodes } from '../errors';
import type { Check, Expectations } from './check';
import { allChecks, runningChecks } from './checks';
import { defaultReaders, type EvidenceLocation, type EvidenceReaders, readFacts } from './facts';
import { type CheckResult, judge, type Verification } from './judge';
import type { PublicKey } from './public-keys';
import { type SignedSboms, signedSboms } from './signed-sboms';

export interface VerifyInput {
  readonly location: EvidenceLocation;
  /** Evidence by any one of them is enough. */
  readonly keys: readonly PublicKey[];
  readonly expected: Expectations;
  readonly now: Date;
  /** @default the registry through crane, and the signatures through cosign */
  readonly readers?: EvidenceReaders;
}

/** Verifies an image by its evidence in the registry. It believes nothing else. */
export async function verify(input: VerifyInput): Promise<Verification> {
  return (await verifyWithSboms(input)).verification;
}

/** What a verification found, and what it verified. */
export interface VerifiedEvidence {
  readonly verification: Verification;
  /** The SBOMs by platform that were signed with the verdict, if the image is verified. */
  readonly sboms: SignedSboms;
}

/** As {@link verify}, and reads the SBOMs. */
export function verifyWithSboms(input: VerifyInput): Promise<VerifiedEvidence> {
  return verifyBy(allChecks, input);
}

async function verifyBy(
  checks: readonly Check[],
  { location, keys, expected, now, readers = defaultReaders }: VerifyInput,
): Promise<VerifiedEvidence> {
  const facts = await readFacts(readers, location, keys);
  const verification = judge({ location, facts, expected, now, checks });
  return { verification, sboms: signedSboms(facts, verification) };
}

/** The evidence of a release that runs, and what it must agree with. */
export interface VerifyRunningInput extends Omit<VerifyInput, 'expected'> {
  readonly expected: Required<Pick<Expectations, 'service' | 'class' | 'catalog' | 'databases'>>;
}

/** Verifies a release that runs, and reads the SBOMs that were signed with its verdict. */
export function verifyRunning({ expected, ...input }: VerifyRunningInput): Promise<VerifiedEvidence> {
  // None of the checks looks at builders.
  return verifyBy(runningChecks, { ...input, expected: { ...expected, builder: { kind: 'local' } } });
}

/** @throws BowlineError with the code of the first check that failed (exit 2) or has no result (exit 1) */
export function requireVerified(
  { location: { repository, digest } }: Pick<VerifyInput, 'location'>,
  verification: Verification,
): void {
  if (verification.outcome === 'verified') {
    return;
  }
  const cause = causeOf(verification);
  throw cause === undefined
    ? new BowlineError('no-public-key', 'there is no public key to verify with', exitCodes.badInput)
    : new BowlineError(
        cause.code,
        `${repository}@${digest}: ${cause.message}`,
        cause.outcome === 'failed' ? exitCodes.rejected : exitCodes.inconclusive,
      );
}

/** The first check that explains why an image is not verified. */
export function causeOf({
  outcome,
  checks,
}: Verification): Extract<CheckResult, { readonly outcome: 'failed' | 'inconclusive' }> | undefined {
  const wanted = outcome === 'not-verified' ? 'failed' : 'inconclusive';
  return checks.find(
    (check): check is Extract<CheckResult, { readonly outcome: 'failed' | 'inconclusive' }> => check.outcome === wanted,
  );
}

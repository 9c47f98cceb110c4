import { judgeConfiguration, type ScanBasis, scanDifference } from '../../gate';
import type { VerdictPredicate } from '../../release';
import { canonicalJson, digestOf, type Instant, instantOf } from '../../values';
import { causeOf, type SignedSboms, verifyWithSboms } from '../../verify';
import { checkConfiguration } from '../check-configuration';
import { currentDatabases } from '../clients/database-times';
import { describeArtifact } from './scan-artifact';
import type { EarlierEvidence, PreparedScan, ScanInput, ScanOutcome } from './scan-input';

/** An earlier scan is used again. */
interface ReusedScan extends ScanOutcome {
  /** The time of the earlier scan. */
  readonly signedAt: Instant;
}

/** An earlier scan is not used again. */
interface NotReused {
  readonly reason: string;
}

/** Whatever goes wrong here, the scan itself can still run. */
function reasonOf(error: Error): NotReused {
  return { reason: error.message };
}

interface SignedScan {
  readonly verdict: VerdictPredicate;
  readonly sboms: SignedSboms;
}

/**
 * What a scan would find, from the signed evidence of an earlier one: if it is about this image, verifies as a promotion would verify it, and was made
 * by the same scanners with the same databases and the same policy. The configuration files are checked in any case, as they are not in the image.
 */
export async function reuseScan(prepared: PreparedScan, earlier: EarlierEvidence): Promise<ReusedScan | NotReused> {
  const signed = await readSignedScan(prepared, earlier).catch(reasonOf);
  if ('reason' in signed) {
    return signed;
  }
  const { verdict, sboms } = signed;
  const basis = await basisOf(prepared).catch(reasonOf);
  const difference = 'reason' in basis ? basis.reason : scanDifference(verdict, basis);
  if (difference !== undefined) {
    return { reason: difference };
  }
  const texts = new Map(Object.entries(sboms).map(([platform, { text }]) => [platform, text]));
  // Nothing in the registry has the SBOMs of plain binaries. syft writes the same one for the same binary.
  for (const artifact of prepared.artifacts.filter(({ kind }) => kind === 'binary')) {
    const { text } = await describeArtifact(artifact, prepared.input.reporter);
    if (verdict.binarySboms[artifact.name]?.digest !== digestOf(text)) {
      return { reason: `it is about another ${artifact.name}` };
    }
    texts.set(artifact.name, text);
  }
  if (texts.size !== Object.keys(verdict.sboms).length + Object.keys(verdict.binarySboms).length) {
    return { reason: 'it is about other binaries' };
  }
  return {
    // A scan would find the same now. With the time of the signed one, a release after a revert would count as older than the one before it.
    scannedAt: instantOf(prepared.input.now),
    signedAt: verdict.scannedAt,
    verdict: verdict.verdict,
    sboms: verdict.sboms,
    binarySboms: verdict.binarySboms,
    texts,
  };
}

/**
 * The evidence that every class has signed. One class is not enough: whoever has misused its key could let the others sign what they have never
 * judged.
 */
export async function readSignedScan(
  { input, built }: Pick<PreparedScan, 'built'> & { readonly input: Pick<ScanInput, 'databases' | 'now'> },
  { signatures, keys, facts, builder, readers }: EarlierEvidence,
): Promise<SignedScan | NotReused> {
  let signed: SignedScan | undefined;
  for (const [environmentClass, publicKeys] of keys) {
    const { verification, sboms } = await verifyWithSboms({
      location: { repository: built.image.repository, digest: built.image.digest, signatures },
      keys: publicKeys,
      expected: {
        service: built.service,
        class: environmentClass,
        catalog: facts,
        databases: input.databases.origin,
        builder,
      },
      now: input.now,
      readers,
    });
    const { outcome, verdict } = verification;
    if (outcome !== 'verified' || verdict === undefined) {
      const cause = causeOf(verification);
      return { reason: `${environmentClass}: ${cause?.code ?? 'no-public-key'}: ${cause?.message ?? 'no key'}` };
    }
    if (signed !== undefined && canonicalJson(signed.verdict) !== canonicalJson(verdict)) {
      return { reason: `${environmentClass} has signed another verdict than the classes before it` };
    }
    signed = { verdict, sboms };
  }
  return signed ?? { reason: 'there are no public keys to verify it with' };
}

/** What decides about the verdict of a scan now. */
async function basisOf({ input, configuration, tools, grype, trivy, policy }: PreparedScan): Promise<ScanBasis> {
  const [databases, reports] = await Promise.all([
    currentDatabases(input.databases, { grype, trivy }),
    checkConfiguration(configuration),
  ]);
  return {
    tools,
    databases,
    policy: digestOf(canonicalJson(policy)),
    configuration: judgeConfiguration(reports, policy, input.now),
  };
}

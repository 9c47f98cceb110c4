import { checkSbom } from '../../gate';
import type { VerdictPredicate } from '../../release';
import { canonicalJson, type Digest, digestOf } from '../../values';
import { type Check, type CheckOutcome, failed, passed, skipped, unknown, verdictCheck } from '../check';
import type { CosignAnswer } from '../cosign-answers';

/** The very SBOM that was scanned: an older good one beside a newer empty one proves nothing. */
export const sbomsCheck: Check = verdictCheck(
  'sboms',
  'The key signed the SBOM of each platform that was scanned',
  ['no-sbom', 'vacuous-sbom', 'sbom-unreadable', 'sbom-subject-mismatch'],
  (verdict, { image, facts: { sboms } }) => {
    if (image.kind !== 'image') {
      return skipped('the image in the registry is not known');
    }
    const outcomes = Object.entries(image.platforms).map(([platform, digest]) =>
      checkPlatform(verdict, platform, digest as Digest, sboms[platform as keyof typeof sboms]),
    );
    return (
      outcomes.find(({ outcome }) => outcome === 'inconclusive') ??
      outcomes.find(({ outcome }) => outcome === 'failed') ??
      passed(`${outcomes.length} signed`)
    );
  },
);

function checkPlatform(
  verdict: VerdictPredicate,
  platform: string,
  digest: Digest,
  answer: CosignAnswer<unknown> | undefined,
): CheckOutcome {
  if (answer?.kind === 'unknown') {
    return unknown('evidence-unreadable', `${platform}: ${answer.message}`);
  }
  const recorded = verdict.sboms[platform]?.digest;
  const values = answer?.kind === 'signed' ? answer.values : [];
  const text = textWithDigest(values, recorded);
  if (text === undefined) {
    return failed(
      'no-sbom',
      `${platform} (${digest}): none of ${values.length} signed SBOMs is the one that was scanned (${recorded ?? 'none'})`,
    );
  }
  const checked = checkSbom(text, digest);
  return checked.ok ? passed(platform) : failed(checked.problem.code, `${platform}: ${checked.problem.message}`);
}

/** The signed value with a digest, as canonical JSON. */
export function textWithDigest(values: readonly unknown[], digest: Digest | undefined): string | undefined {
  return values.map(canonicalJson).find((candidate) => digestOf(candidate) === digest);
}

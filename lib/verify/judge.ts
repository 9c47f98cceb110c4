import { type VerdictPredicate, verdictPredicate } from '../release';
import { canonicalJson, type Digest } from '../values';
import type { Check, CheckId, CheckOutcome, Expectations, Subject } from './check';
import { allChecks } from './checks';
import type { EvidenceLocation, Facts, KeyFacts } from './facts';
import { signedVerdicts } from './signed-verdicts';

/** The outcome of one check. */
export type CheckResult = { readonly id: CheckId; readonly title: string } & CheckOutcome;

/** What a verification found. */
export interface Verification {
  readonly outcome: 'verified' | 'not-verified' | 'inconclusive';
  /** The key whose evidence this is. */
  readonly key: Digest | undefined;
  readonly checks: readonly CheckResult[];
  /** The signed verdict that was judged. */
  readonly verdict: VerdictPredicate | undefined;
}

export interface Judgement {
  readonly location: EvidenceLocation;
  readonly facts: Facts;
  readonly expected: Expectations;
  readonly now: Date;
  /** @default all of them */
  readonly checks?: readonly Check[];
}

/**
 * Judges facts. Pure: the same facts give the same verification. Evidence by one key must pass every check; of several keys, the one with the most
 * passed checks is reported.
 */
export function judge({ location, facts, expected, now, checks = allChecks }: Judgement): Verification {
  const verifications = facts.keys.map((key): Verification => {
    const verdict = chooseVerdict(key, expected);
    const subject: Subject = { location, image: facts.image, facts: key, verdict, expected, now };
    const results = checks.map(({ id, title, run }): CheckResult => ({ id, title, ...run(subject) }));
    return { outcome: outcomeOf(results), key: key.key, checks: results, verdict };
  });
  const best = [...verifications].sort((a, b) => passedChecks(b) - passedChecks(a));
  return (
    best.find(({ outcome }) => outcome === 'verified') ??
    // An unanswered question about one key can hide a good answer: only if all have failed is it known to be bad.
    best.find(({ outcome }) => outcome === 'inconclusive') ??
    best[0] ?? { outcome: 'not-verified', key: undefined, checks: [], verdict: undefined }
  );
}

/** The verdict of the record. Without a record, the latest one; of several from the same time, the first in canonical order. */
function chooseVerdict(key: KeyFacts, { record }: Expectations): VerdictPredicate | undefined {
  const verdicts = signedVerdicts(key);
  if (record !== undefined) {
    const claimed = canonicalJson(verdictPredicate(record));
    return verdicts.find((verdict) => canonicalJson(verdict) === claimed);
  }
  const latest = verdicts
    .map(({ scannedAt }) => scannedAt)
    .sort()
    .at(-1);
  return verdicts.find(({ scannedAt }) => scannedAt === latest);
}

function outcomeOf(results: readonly CheckResult[]): Verification['outcome'] {
  if (results.some(({ outcome }) => outcome === 'failed')) {
    return 'not-verified';
  }
  return results.some(({ outcome }) => outcome === 'inconclusive') ? 'inconclusive' : 'verified';
}

function passedChecks({ checks }: Verification): number {
  return checks.filter(({ outcome }) => outcome === 'passed').length;
}

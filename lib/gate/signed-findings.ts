import type { Finding } from '../release';
import { divideByRisk, riskProblems } from './accepted-risks';
import type { MergedObservation } from './merge-observations';
import { decide, type FindingsPolicy } from './verdict';

/** What a policy says about the findings of a signed verdict. */
export interface SignedFindingsResult {
  readonly blocking: readonly Finding[];
  /** Accepted risks of these findings that no longer count, as sentences. */
  readonly expired: readonly string[];
}

/**
 * Judges the findings of a signed verdict again, by the policy and the accepted risks of another day. The decisions of then do not count: a risk
 * expires, and a policy becomes stricter, while a release waits for an approval.
 */
export function judgeSignedFindings(
  findings: readonly Finding[],
  policy: FindingsPolicy,
  now: Date,
): SignedFindingsResult {
  const observations = findings.map(({ decision: _decision, reason: _reason, ...found }) => found as MergedObservation);
  const { others } = divideByRisk(observations, policy, now);
  const blocking = (others as readonly MergedObservation[])
    .map((observation) => decide(observation, policy))
    .filter(({ decision }) => decision === 'blocks');
  const acceptedRisks = policy.acceptedRisks.filter((risk) =>
    blocking.some((finding) => risk.package === finding.package && [finding.id, ...finding.aliases].includes(risk.id)),
  );
  return { blocking, expired: riskProblems({ ...policy, acceptedRisks }, now).map(({ message }) => message) };
}

import { type AcceptedRisk, latestExpiry } from '../catalog';
import type { Verdict } from '../release';
import { identifyVulnerabilities, isAdvisoryId, type Vulnerability } from './advisory-ids';
import type { Observation } from './observation';

/** Which risks are accepted, and for how long at most. */
export interface RiskPolicy {
  readonly acceptedRisks: readonly AcceptedRisk[];
  /** A duration, such as `180d`: a risk that expires later than this from now does not count. */
  readonly riskMaxDuration: string;
}

/** Observations that one risk accepts. */
export interface AcceptedObservations {
  readonly risk: AcceptedRisk;
  readonly observations: readonly Observation[];
}

/**
 * Divides observations into accepted ones and others, before they are merged: what two advisories have in common never accepts both. A risk accepts
 * the advisory with its ID, and what other scanners report of the same CVE under another ID; where no scanner knows a CVE, of the same GHSA. An
 * advisory that covers several is accepted by its own ID, or if each of them is.
 */
export function divideByRisk(
  observations: readonly Observation[],
  policy: RiskPolicy,
  now: Date,
): { readonly accepted: readonly AcceptedObservations[]; readonly others: readonly Observation[] } {
  const vulnerabilities = identifyVulnerabilities(observations);
  const risks = policy.acceptedRisks.filter((risk) => problemOf(risk, policy, now) === undefined);
  const riskOf = new Map(
    observations.map((observation) => [observation, acceptingRisk(observation, risks, vulnerabilities)] as const),
  );
  return {
    accepted: risks
      .map((risk) => ({ risk, observations: observations.filter((each) => riskOf.get(each) === risk) }))
      .filter(({ observations: accepted }) => accepted.length > 0),
    others: observations.filter((observation) => riskOf.get(observation) === undefined),
  };
}

/** The first risk that accepts an observation. */
function acceptingRisk(
  observation: Observation,
  risks: readonly AcceptedRisk[],
  vulnerabilities: ReadonlyMap<Observation, Vulnerability>,
): AcceptedRisk | undefined {
  const candidates = risks.filter((risk) => risk.package === observation.package);
  const identity = vulnerabilities.get(observation)?.identity ?? [];
  const own = candidates.find(({ id }) => id === observation.id);
  // The name of one CVE, or of one GHSA without a CVE, does not stand for the others.
  if (own !== undefined && !(identity.length > 1 && identity.includes(own.id))) {
    return own;
  }
  const byId = identity.map((id) => candidates.find((risk) => risk.id === id || isOnly(id, risk, vulnerabilities)));
  return byId.includes(undefined) ? undefined : candidates.find((risk) => byId.includes(risk));
}

/** Whether the ID of the risk names an advisory, and everything with that name is about exactly this CVE, or GHSA. */
function isOnly(id: string, risk: AcceptedRisk, vulnerabilities: ReadonlyMap<Observation, Vulnerability>): boolean {
  const named = [...vulnerabilities].filter(
    ([observation, { names }]) => observation.package === risk.package && names.has(risk.id),
  );
  return (
    isAdvisoryId(risk.id) &&
    named.length > 0 &&
    named.every(([, { identity }]) => identity.length === 1 && identity[0] === id)
  );
}

/** The risks that do not count, each with a reason: the finding blocks again if it is still there. */
export function riskProblems(policy: RiskPolicy, now: Date): Verdict['reasons'] {
  return policy.acceptedRisks.flatMap((risk) => problemOf(risk, policy, now) ?? []);
}

function problemOf(risk: AcceptedRisk, policy: RiskPolicy, now: Date): Verdict['reasons'][number] | undefined {
  if (now.toISOString().slice(0, 10) > risk.expires) {
    return {
      code: 'expired-risk',
      message: `the accepted risk ${risk.id} in ${risk.package} expired on ${risk.expires} and no longer counts: fix it, or have ${risk.owner} accept it again in accepted-risks.yaml`,
    };
  }
  const latest = latestExpiry(policy.riskMaxDuration, now);
  return risk.expires <= latest
    ? undefined
    : {
        code: 'risk-too-long',
        message: `the accepted risk ${risk.id} in ${risk.package} expires on ${risk.expires}, which is more than ${policy.riskMaxDuration} from now, and does not count: have ${risk.owner} accept it until ${latest} at most`,
      };
}

import { type AcceptedRisk, type Platform, type Severity, severities } from '../catalog';
import type { Finding, Verdict } from '../release';
import { canonicalJson, digestOf, durationSeconds } from '../values';
import { byDesign } from './configuration';
import type { Observation, Scanner, ScanReport } from './observation';
import type { SbomProblem } from './sbom';

/** What stops a release, and what is taken all the same. */
export type FindingsPolicy = Platform['findings'] & { readonly acceptedRisks: readonly AcceptedRisk[] };

/** The policy for one service, or for what is nobody's: risks that are accepted for another do not count. */
export function policyFor(
  findings: Platform['findings'],
  risks: readonly AcceptedRisk[],
  service: string | undefined,
): FindingsPolicy {
  return { ...findings, acceptedRisks: risks.filter((risk) => risk.service === undefined || risk.service === service) };
}

/** Who has to have looked at a release. */
const scannersOfRelease: readonly Scanner[] = ['grype', 'govulncheck', 'trivy', 'trivy-config', 'checkov'];
/** Who has to have looked at manifests alone. */
const scannersOfConfiguration: readonly Scanner[] = ['trivy-config', 'checkov'];

/** Everything that a verdict rests upon. */
export interface Evidence {
  /** Of every platform: the SBOM's problem, if it has one. */
  readonly sboms: Readonly<Record<string, SbomProblem | undefined>>;
  readonly reports: readonly ScanReport[];
  /** Whether the databases are the scanners' own feeds, or the small stand-in of this project. */
  readonly databases: 'feed' | 'fixture';
}

/**
 * The verdict over a scan. Three ends, never two: what is missing, empty, stale or about something else is `unreliable`, not clean.
 * @param now the time of the scan, against which databases and accepted risks grow old
 */
export function judgeFindings(evidence: Evidence, policy: FindingsPolicy, now: Date): Verdict {
  return judge(evidence, scannersOfRelease, sbomTrouble(evidence), policy, now);
}

/** The verdict over manifests that are to be published: the same three ends. */
export function judgeConfiguration(reports: readonly ScanReport[], policy: FindingsPolicy, now: Date): Verdict {
  return judge({ sboms: {}, reports, databases: 'feed' }, scannersOfConfiguration, [], policy, now);
}

function judge(
  evidence: Evidence,
  scanners: readonly Scanner[],
  before: Reasons,
  policy: FindingsPolicy,
  now: Date,
): Verdict {
  const trouble = [...before, ...reportTrouble(evidence, scanners), ...databaseTrouble(evidence, policy, now)];
  const findings = mergeObservations(evidence.reports.flatMap((report) => (report.ok ? report.observations : [])))
    .map((observation) => decide(observation, policy, now))
    .sort((a, b) => rank(b.severity, policy) - rank(a.severity, policy) || (a.id < b.id ? -1 : 1));
  const blocking = findings.filter((finding) => finding.decision === 'blocks');
  const notes =
    evidence.databases === 'fixture'
      ? [
          {
            code: 'fixture-database',
            message:
              'scanned with the small database of this project, not with a feed: this says nothing about the world',
          },
        ]
      : [];
  return {
    outcome: trouble.length > 0 ? 'unreliable' : blocking.length > 0 ? 'blocked' : 'passed',
    reasons: [
      ...trouble,
      ...blocking.map((finding) => ({ code: 'finding-blocks', message: describeFinding(finding) })),
      ...expiredRisks(policy, now),
      ...notes,
    ],
    findings,
    databases: evidence.reports.flatMap((report) =>
      report.ok && report.database
        ? [{ scanner: report.scanner, origin: evidence.databases, builtAt: report.database.builtAt }]
        : [],
    ),
    policy: digestOf(canonicalJson(policy)),
  };
}

/** `CVE-2024-45338 (high) in golang.org/x/net v0.32.0, fixed in 0.33.0: …`; `CKV_K8S_16 (unknown) in deployment.yaml (dev: Deployment.hello), Container should not be privileged: …`. */
export function describeFinding(finding: Finding): string {
  const names = [finding.id, ...finding.aliases].join(' / ');
  if (finding.title !== undefined) {
    const place = finding.version === '' ? finding.package : `${finding.package} (${finding.version})`;
    return `${names} (${finding.severity}) in ${place}, ${finding.title}: ${finding.reason}`;
  }
  const fix = finding.fixedIn === undefined ? 'no fix is known' : `fixed in ${finding.fixedIn}`;
  return `${names} (${finding.severity}) in ${finding.package} ${finding.version}, ${fix}: ${finding.reason}`;
}

type Reasons = Verdict['reasons'];

function sbomTrouble({ sboms }: Evidence): Reasons {
  if (Object.keys(sboms).length === 0) {
    return [{ code: 'no-sbom', message: 'there is no SBOM of any platform' }];
  }
  return Object.entries(sboms).flatMap(([platform, problem]) =>
    problem ? [{ code: problem.code, message: `${platform}: ${problem.message}` }] : [],
  );
}

function reportTrouble({ reports }: Evidence, scanners: readonly Scanner[]): Reasons {
  const missing = scanners
    .filter((scanner) => !reports.some((report) => report.scanner === scanner))
    .map((scanner) => ({ code: 'scanner-did-not-run', message: `${scanner} did not run` }));
  return [
    ...missing,
    ...reports.flatMap((report) => (report.ok ? [] : [{ code: report.code, message: report.message }])),
  ];
}

function databaseTrouble({ reports, databases }: Evidence, policy: FindingsPolicy, now: Date): Reasons {
  if (databases === 'fixture') {
    return [];
  }
  const oldest = durationSeconds(policy.databaseMaxAge);
  return reports.flatMap((report) => {
    if (!report.ok || report.database === undefined) {
      return [];
    }
    const age = (now.getTime() - Date.parse(report.database.builtAt)) / 1000;
    // govulncheck's feed carries the time of its last advisory, which may be weeks ago in quiet times: only the build times of the others measure freshness.
    const stale = Number.isNaN(age) || (report.scanner !== 'govulncheck' && age > oldest);
    return stale
      ? [
          {
            code: 'stale-database',
            message: `the database of ${report.scanner} is from ${report.database.builtAt || 'an unknown time'}; the policy takes at most ${policy.databaseMaxAge}`,
          },
        ]
      : [];
  });
}

/** They no longer count, and are named: what they covered stops the road again if it is still there. */
function expiredRisks(policy: FindingsPolicy, now: Date): Reasons {
  return policy.acceptedRisks
    .filter((risk) => expired(risk, now))
    .map((risk) => ({
      code: 'expired-risk',
      message: `the accepted risk ${risk.id} in ${risk.package} expired on ${risk.expires} and no longer counts: fix it, or let ${risk.owner} accept it again in accepted-risks.yaml`,
    }));
}

function expired(risk: AcceptedRisk, now: Date): boolean {
  return now.toISOString().slice(0, 10) > risk.expires;
}

function decide(observation: Observation, policy: FindingsPolicy, now: Date): Finding {
  // The path told parts of a catalog apart; a finding is filed under its place.
  const { aliases, path: _, ...rest } = observation;
  const named = [observation.id, ...aliases];
  const ours = byDesign.find(
    ({ checks, package: file }) => file === observation.package && checks.includes(observation.id),
  );
  const risk = policy.acceptedRisks.find(
    (candidate) =>
      named.includes(candidate.id) && candidate.package === observation.package && !expired(candidate, now),
  );
  const finding = { ...rest, aliases: [...aliases] };
  if (ours && observation.title !== undefined) {
    return { ...finding, decision: 'accepted', reason: `by design: ${ours.reason}` };
  }
  if (risk) {
    return {
      ...finding,
      decision: 'accepted',
      reason: `accepted by ${risk.owner} until ${risk.expires}: ${risk.reason}`,
    };
  }
  if (observation.reachable && policy.reachable === 'block') {
    return { ...finding, decision: 'blocks', reason: 'the vulnerable function is called' };
  }
  // A module that govulncheck has followed and found uncalled has no severity of its own; grype's finding of the same advisory carries one.
  if (observation.source === 'govulncheck' && !observation.reachable) {
    return { ...finding, decision: 'allowed', reason: 'the vulnerable function is not called' };
  }
  if (rank(observation.severity, policy) >= severities.indexOf(policy.block)) {
    const counted =
      observation.severity === 'unknown'
        ? `unknown severity counts as ${policy.unknown}`
        : `the policy stops at ${policy.block}`;
    return { ...finding, decision: 'blocks', reason: counted };
  }
  return { ...finding, decision: 'allowed', reason: `below ${policy.block}` };
}

function rank(severity: Observation['severity'], policy: FindingsPolicy): number {
  return severities.indexOf(severity === 'unknown' ? policy.unknown : (severity as Severity));
}

/** The same advisory of the same package by several scanners or platforms is one finding: the worst severity, reachable if any says so. */
export function mergeObservations(observations: readonly Observation[]): readonly Observation[] {
  const merged: Observation[] = [];
  for (const observation of observations) {
    const names = new Set([observation.id, ...observation.aliases]);
    const index = merged.findIndex(
      (other) => other.package === observation.package && [other.id, ...other.aliases].some((name) => names.has(name)),
    );
    const other = merged[index];
    if (other === undefined) {
      merged.push(observation);
    } else {
      merged[index] = union(other, observation);
    }
  }
  return merged;
}

function union(a: Observation, b: Observation): Observation {
  const known =
    a.severity === 'unknown'
      ? b
      : b.severity === 'unknown'
        ? a
        : severities.indexOf(a.severity) >= severities.indexOf(b.severity)
          ? a
          : b;
  const names = [...new Set([a.id, ...a.aliases, b.id, ...b.aliases])].filter((name) => name !== a.id).sort();
  const fixedIn = a.fixedIn ?? b.fixedIn;
  // A severity makes a finding grype's; without one the scanner that follows calls has the last word.
  const source = known.severity === 'unknown' ? a.source : known.source;
  return {
    ...a,
    aliases: names,
    severity: known.severity,
    source,
    reachable: a.reachable || b.reachable,
    ...(fixedIn === undefined ? {} : { fixedIn }),
  };
}

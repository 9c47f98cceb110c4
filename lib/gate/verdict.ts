import { type AcceptedRisk, type Platform, type Severity, severities } from '../catalog';
import type { DatabaseOrigin, Finding, Verdict } from '../release';
import { canonicalJson, digestOf, durationSeconds } from '../values';
import { byDesign } from './by-design';
import { type MergedObservation, mergeObservations } from './merge-observations';
import {
  compareScanners,
  followsCalls,
  hasBuildTime,
  type Observation,
  requiredScanners,
  type Scanner,
} from './observation';
import type { SbomProblem } from './readers/sbom';
import type { ScanReport } from './scan-report';

/** Which findings block a release, and which risks are accepted. */
export type FindingsPolicy = Platform['findings'] & { readonly acceptedRisks: readonly AcceptedRisk[] };

/** The policy for one service, or for what all services share. Risks that are accepted for another service do not count. */
export function policyFor(
  findings: Platform['findings'],
  risks: readonly AcceptedRisk[],
  service: string | undefined,
): FindingsPolicy {
  return { ...findings, acceptedRisks: risks.filter((risk) => risk.service === undefined || risk.service === service) };
}

/** Everything that a verdict is based on. */
export interface Evidence {
  /** By platform: the problem of its SBOM, if any. */
  readonly sboms: Readonly<Record<string, SbomProblem | undefined>>;
  readonly reports: readonly ScanReport[];
  readonly databases: DatabaseOrigin;
}

/**
 * The verdict of a scan: passed, blocked or inconclusive. A report that is missing, empty, stale or about something else makes it
 * `inconclusive`, never `passed`. The order of the reports has no effect on any part of it.
 * @param now the time of the scan: it decides whether a database is stale or an accepted risk has expired
 */
export function judgeFindings(evidence: Evidence, policy: FindingsPolicy, now: Date): Verdict {
  return judge({ evidence, scanners: requiredScanners('release'), problems: sbomProblems(evidence), policy, now });
}

/** The verdict of manifests before they are published. */
export function judgeConfiguration(reports: readonly ScanReport[], policy: FindingsPolicy, now: Date): Verdict {
  const evidence: Evidence = { sboms: {}, reports, databases: 'feed' };
  return judge({ evidence, scanners: requiredScanners('configuration'), problems: [], policy, now });
}

interface Judgement {
  readonly evidence: Evidence;
  /** The scanners that must have run. */
  readonly scanners: readonly Scanner[];
  /** Problems that make the verdict inconclusive, beside those of reports and databases. */
  readonly problems: Reasons;
  readonly policy: FindingsPolicy;
  readonly now: Date;
}

function judge({ evidence: unordered, scanners, problems, policy, now }: Judgement): Verdict {
  const evidence = { ...unordered, reports: [...unordered.reports].sort(compareReports) };
  const inconclusive = [...problems, ...reportProblems(evidence, scanners), ...databaseProblems(evidence, policy, now)];
  const findings = mergeObservations(evidence.reports.flatMap((report) => (report.ok ? report.observations : [])))
    .map((observation) => decide(observation, policy, now))
    .sort(
      (a, b) =>
        rank(b.severity, policy) - rank(a.severity, policy) ||
        compareText(a.id, b.id) ||
        compareText(a.package, b.package),
    );
  const blocking = findings.filter((finding) => finding.decision === 'blocks');
  const notes =
    evidence.databases === 'fixture'
      ? [
          {
            code: 'fixture-database',
            message:
              'scanned with the fixture database, not with the feeds: the verdict says nothing about real vulnerabilities',
          },
        ]
      : [];
  return {
    outcome: inconclusive.length > 0 ? 'inconclusive' : blocking.length > 0 ? 'blocked' : 'passed',
    reasons: [
      ...inconclusive,
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

/** By scanner; reports of one scanner, such as those of two platforms, by what the verdict shows of them. */
function compareReports(a: ScanReport, b: ScanReport): number {
  const shown = (report: ScanReport) =>
    report.ok ? ['', report.database?.builtAt ?? ''] : [report.code, report.message];
  return compareScanners(a.scanner, b.scanner) || compareText(shown(a).join('\0'), shown(b).join('\0'));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One line, such as `CVE-2024-45338 (high) in golang.org/x/net v0.32.0, fixed in 0.33.0: …`; `CKV_K8S_16 (unknown) in deployment.yaml (dev: Deployment.hello), Container should not be privileged: …`. */
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

function sbomProblems({ sboms }: Evidence): Reasons {
  if (Object.keys(sboms).length === 0) {
    return [{ code: 'no-sbom', message: 'there is no SBOM of any platform' }];
  }
  const byPlatform = Object.entries(sboms).sort(([a], [b]) => compareText(a, b));
  return byPlatform.flatMap(([platform, problem]) =>
    problem ? [{ code: problem.code, message: `${platform}: ${problem.message}` }] : [],
  );
}

function reportProblems({ reports }: Evidence, scanners: readonly Scanner[]): Reasons {
  const missing = scanners
    .filter((scanner) => !reports.some((report) => report.scanner === scanner))
    .map((scanner) => ({ code: 'scanner-did-not-run', message: `${scanner} did not run` }));
  return [
    ...missing,
    ...reports.flatMap((report) => (report.ok ? [] : [{ code: report.code, message: report.message }])),
  ];
}

function databaseProblems({ reports, databases }: Evidence, policy: FindingsPolicy, now: Date): Reasons {
  if (databases === 'fixture') {
    return [];
  }
  const oldest = durationSeconds(policy.databaseMaxAge);
  return reports.flatMap((report) => {
    if (!report.ok || report.database === undefined) {
      return [];
    }
    const age = (now.getTime() - Date.parse(report.database.builtAt)) / 1000;
    const isStale = Number.isNaN(age) || (hasBuildTime(report.scanner) && age > oldest);
    return isStale
      ? [
          {
            code: 'stale-database',
            message: `the database of ${report.scanner} is from ${report.database.builtAt || 'an unknown time'}; the policy allows at most ${policy.databaseMaxAge}`,
          },
        ]
      : [];
  });
}

/** Expired risks no longer count: the finding blocks again if it is still there, and the reason names the risk. */
function expiredRisks(policy: FindingsPolicy, now: Date): Reasons {
  return policy.acceptedRisks
    .filter((risk) => isExpired(risk, now))
    .map((risk) => ({
      code: 'expired-risk',
      message: `the accepted risk ${risk.id} in ${risk.package} expired on ${risk.expires} and no longer counts: fix it, or have ${risk.owner} accept it again in accepted-risks.yaml`,
    }));
}

function isExpired(risk: AcceptedRisk, now: Date): boolean {
  return now.toISOString().slice(0, 10) > risk.expires;
}

function decide(observation: MergedObservation, policy: FindingsPolicy, now: Date): Finding {
  // A finding is identified by its package, not by the path of the file.
  const { aliases, path: _, sources, ...rest } = observation;
  const ids = [observation.id, ...aliases];
  const intended = byDesign.find(
    ({ checks, package: file }) => file === observation.package && checks.includes(observation.id),
  );
  const risk = policy.acceptedRisks.find(
    (candidate) =>
      ids.includes(candidate.id) && candidate.package === observation.package && !isExpired(candidate, now),
  );
  const finding = { ...rest, aliases: [...aliases] };
  if (intended && observation.title !== undefined) {
    return { ...finding, decision: 'accepted', reason: `by design: ${intended.reason}` };
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
  // A scanner that follows calls gives no severity. Where another one knows the severity, that counts; where none does, the calls decide.
  if (observation.severity === 'unknown' && !observation.reachable && sources.some(followsCalls)) {
    return { ...finding, decision: 'allowed', reason: 'the vulnerable function is not called' };
  }
  if (rank(observation.severity, policy) >= severities.indexOf(policy.block)) {
    const reason =
      observation.severity === 'unknown'
        ? `unknown severity counts as ${policy.unknown}`
        : `the policy blocks ${policy.block} and above`;
    return { ...finding, decision: 'blocks', reason };
  }
  return { ...finding, decision: 'allowed', reason: `below ${policy.block}` };
}

function rank(severity: Observation['severity'], policy: FindingsPolicy): number {
  return severities.indexOf(severity === 'unknown' ? policy.unknown : (severity as Severity));
}

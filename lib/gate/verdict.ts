import { type AcceptedRisk, type Platform, type Severity, severities } from '../catalog';
import type { Finding, Verdict } from '../release';
import { canonicalJson, digestOf } from '../values';
import { divideByRisk, riskProblems } from './accepted-risks';
import { byDesign } from './by-design';
import { databaseProblem } from './database-age';
import { type Evidence, reportProblems, sbomProblems } from './evidence';
import { knownObservation } from './known-observation';
import { type MergedObservation, mergeObservations } from './merge-observations';
import {
  compareScanners,
  databaseTimeOf,
  followsCalls,
  type Observation,
  requiredScanners,
  type Scanner,
} from './observation';
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
  const evidence: Evidence = { artifacts: [], reports, databases: 'feed' };
  return judge({ evidence, scanners: requiredScanners('configuration'), problems: [], policy, now });
}

/**
 * The verdict of today about a release that runs: what its SBOMs contain, by the databases of today, and what its signed verdict says of calls and
 * configuration, which need its source to be found again.
 * @param signed the findings of the signed verdict
 */
export function judgeRunning(
  evidence: Evidence,
  signed: readonly Finding[],
  policy: FindingsPolicy,
  now: Date,
): Verdict {
  return judge({
    evidence,
    known: signed.flatMap(knownObservation),
    scanners: requiredScanners('running'),
    problems: sbomProblems(evidence),
    policy,
    now,
  });
}

interface Judgement {
  readonly evidence: Evidence;
  /** What is known from elsewhere. @default nothing */
  readonly known?: readonly Observation[];
  /** The scanners that must have run. */
  readonly scanners: readonly Scanner[];
  /** Problems that make the verdict inconclusive, beside those of reports and databases. */
  readonly problems: Reasons;
  readonly policy: FindingsPolicy;
  readonly now: Date;
}

function judge({ evidence: unordered, known = [], scanners, problems, policy, now }: Judgement): Verdict {
  const evidence = { ...unordered, reports: [...unordered.reports].sort(compareReports) };
  const inconclusive = [...problems, ...reportProblems(evidence, scanners), ...databaseProblems(evidence, policy, now)];
  const observations = [...evidence.reports.flatMap((report) => (report.ok ? report.observations : [])), ...known];
  const { accepted, others } = divideByRisk(observations, policy, now);
  const findings = [
    ...mergeObservations(others).map((observation) => decide(observation, policy)),
    ...accepted.flatMap(({ risk, observations: each }) => mergeObservations(each).map((one) => acceptBy(risk, one))),
  ].sort(
    (a, b) =>
      rank(b.severity, policy) - rank(a.severity, policy) ||
      compareText(a.id, b.id) ||
      compareText(a.package, b.package) ||
      compareText(canonicalJson(a), canonicalJson(b)),
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
      ...riskProblems(policy, now),
      ...notes,
    ],
    findings,
    databases: databasesOf(evidence),
    policy: digestOf(canonicalJson(policy)),
  };
}

/** The databases of all reports, each once. */
function databasesOf({ reports, databases }: Evidence): Verdict['databases'] {
  const used = reports.flatMap((report) =>
    report.ok && report.database
      ? [{ scanner: report.scanner, origin: databases, builtAt: report.database.builtAt }]
      : [],
  );
  return [...new Map(used.map((database) => [canonicalJson(database), database])).values()];
}

/** By scanner; reports of one scanner, such as those of two platforms, by what the verdict shows of them. */
function compareReports(a: ScanReport, b: ScanReport): number {
  const shown = (report: ScanReport) =>
    report.ok
      ? ['', report.database?.builtAt ?? '', report.subject ?? '']
      : [report.code, report.message, report.subject ?? ''];
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

function databaseProblems({ reports, databases }: Evidence, policy: FindingsPolicy, now: Date): Reasons {
  if (databases === 'fixture') {
    return [];
  }
  return reports.flatMap((report) => {
    if (!report.ok || databaseTimeOf(report.scanner) === 'none') {
      return [];
    }
    const database = { scanner: report.scanner, builtAt: report.database?.builtAt ?? '' };
    return databaseProblem(database, policy.databaseMaxAge, now) ?? [];
  });
}

function acceptBy(risk: AcceptedRisk, observation: MergedObservation): Finding {
  const reason = `accepted by ${risk.owner} until ${risk.expires}: ${risk.reason}`;
  return { ...describe(observation), decision: 'accepted', reason };
}

/** A finding is identified by its package, not by the path of the file. */
function describe({ path: _path, ...rest }: MergedObservation) {
  return { ...rest, aliases: [...rest.aliases], sources: [...rest.sources] };
}

/** The decision of the policy about one finding. */
export function decide(observation: MergedObservation, policy: FindingsPolicy): Finding {
  const { sources } = observation;
  const finding = describe(observation);
  const intended = byDesign.find(
    ({ checks, package: file }) => file === observation.package && checks.includes(observation.id),
  );
  if (intended && observation.title !== undefined) {
    return { ...finding, decision: 'accepted', reason: `by design: ${intended.reason}` };
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

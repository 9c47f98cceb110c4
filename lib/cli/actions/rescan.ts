import { type Catalog, loadCatalog, requireEnvironment } from '../../catalog';
import { BowlineError, badInput, type ExitCode, exitCodes, inconclusive } from '../../errors';
import { describeFinding, policyFor } from '../../gate';
import { serviceNames } from '../../pipeline/names';
import type { DatabaseOrigin } from '../../release';
import {
  groupReleases,
  type RescannedImage,
  type RunningReleases,
  type RunningSubject,
  readRunningFile,
  rescan,
  type UnknownRelease,
  type VulnerabilityDatabases,
} from '../../steps';
import { branchRef, digest, parseImageReference, shortDigest } from '../../values';
import { type EvidenceReaders, publicKeyFile, readPublicKeys } from '../../verify';
import { consoleReporter } from '../console-reporter';
import { printable } from '../printable';
import { counted, painter, type Style, table } from '../terminal';
import { vulnerabilityDatabases } from '../vulnerability-databases';
import { describeNothing } from './releases';
import { type RunningSelection, readRunning, selectRunning } from './select-running';
import { parseFlag, required } from './steps/step-options';
import { logInTo } from './steps/step-records';

/** Options of `bowline rescan`. */
export interface RescanOptions extends RunningSelection {
  readonly keys?: string;
  readonly parallel: string;
  readonly running?: string;
  readonly runningSha256?: string;
  readonly vulnerabilityDatabase?: DatabaseOrigin;
}

/** The answers, the databases and the time, for tests. */
export interface RescanContext {
  readonly readers?: EvidenceReaders;
  readonly databases?: VulnerabilityDatabases;
  readonly now?: Date;
}

/** A release that was not rescanned. */
interface NotRescanned {
  readonly service: string;
  readonly environments: readonly string[];
  readonly outcome: 'not-verified' | 'inconclusive';
  readonly code: UnknownRelease['code'] | 'unknown-environment';
  readonly message: string;
}

type Row = RescannedImage | NotRescanned;

/** `bowline rescan`: exit 2 where a release is blocked or not verified, 1 where one is inconclusive, 3 bad input. */
export async function rescanCommand(
  names: readonly string[],
  options: RescanOptions,
  context: RescanContext = {},
): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  if (options.env !== undefined) {
    requireEnvironment(catalog.platform, options.env);
  }
  const parallel = parseParallel(options.parallel);
  const reporter = consoleReporter(true);
  const running = await runningOf(options, names);
  if (running.commit === undefined) {
    throw inconclusive('empty-ledger', 'the ledger has no commits: "bowline publish" writes the first one');
  }
  const environments = new Map(catalog.platform.environments.map((each) => [each.name, each.class]));
  const known = running.releases.flatMap((release) =>
    'image' in release && environments.has(release.environment) ? [release] : [],
  );
  const images = groupReleases(known, (environment) => environments.get(environment) as string);
  logInTo(...images.map(({ service }) => serviceNames(catalog.platform, service).imageRepository));
  const keys = new Map<string, RunningSubject['keys']>();
  const rescanned = await rescan({
    images,
    subjectOf: ({ service, class: environmentClass }) => {
      const file = publicKeyFile(options, environmentClass);
      const read = keys.get(file) ?? readKeys(file);
      keys.set(file, read);
      return { ...subjectOf(catalog, service), keys: read };
    },
    databases: context.databases ?? (await vulnerabilityDatabases(options.vulnerabilityDatabase, reporter)),
    now: context.now ?? new Date(),
    parallel,
    readers: context.readers,
    reporter,
  });
  reporter.end();
  const rows: readonly Row[] = [...rescanned, ...notRescanned(running, environments)].sort(byUrgency);
  process.stdout.write(
    options.json ? `${JSON.stringify(toJson(running, rows))}\n` : `${describe(running, rows, options.env)}\n`,
  );
  process.exitCode = exitCodeOf(rows);
}

/** What the job before has listed, or what the ledger has. */
function runningOf(options: RescanOptions, names: readonly string[]): Promise<RunningReleases> | RunningReleases {
  const { running, runningSha256, env } = options;
  if (running === undefined) {
    return readRunning(options, names);
  }
  const expected = parseFlag('--running-sha256', () =>
    digest(required(runningSha256, '--running-sha256', 'BOWLINE_RUNNING_SHA256')),
  );
  return selectRunning(readRunningFile(running, expected), names, env);
}

/** A class without a key leaves the others to judge. */
function readKeys(file: string): RunningSubject['keys'] {
  try {
    return { ok: true, keys: readPublicKeys(file) };
  } catch (error) {
    if (error instanceof BowlineError) {
      return { ok: false, code: error.code, message: error.message };
    }
    throw error;
  }
}

function parseParallel(text: string): number {
  const parallel = Number(text);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 64) {
    throw badInput('bad-option', `--parallel: must be a whole number from 1 to 64, got: ${JSON.stringify(text)}`);
  }
  return parallel;
}

/** A service that left the catalog still runs until its release is removed, so only its names are needed. */
function subjectOf({ platform, acceptedRisks = [], services }: Catalog, service: string) {
  const { imageRepository, signatureRepository } = serviceNames(platform, service);
  const source = services.find(({ name }) => name === service)?.source;
  return {
    signatures: signatureRepository,
    catalog: {
      imageRepository,
      source: { repository: source?.repository ?? '', ref: branchRef(source?.branch ?? 'main') },
      policy: policyFor(platform.findings, acceptedRisks, service),
    },
  };
}

function notRescanned(
  { releases }: RunningReleases,
  environments: ReadonlyMap<string, string>,
): readonly NotRescanned[] {
  return releases.flatMap((release): NotRescanned[] => {
    const about = { service: release.service, environments: [release.environment] };
    if ('problem' in release) {
      const { code, problem } = release;
      return [
        { ...about, outcome: code === 'unreadable-release' ? 'inconclusive' : 'not-verified', code, message: problem },
      ];
    }
    return environments.has(release.environment)
      ? []
      : [
          {
            ...about,
            outcome: 'inconclusive',
            code: 'unknown-environment',
            message: `the catalog has no environment ${release.environment}: remove its releases from the ledger, or use the catalog that has it`,
          },
        ];
  });
}

const outcomes = ['blocked', 'not-verified', 'inconclusive', 'passed'] as const;

/** What needs somebody comes first. */
function byUrgency(a: Row, b: Row): number {
  return outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome) || (a.service < b.service ? -1 : 1);
}

function exitCodeOf(rows: readonly Row[]): ExitCode {
  if (rows.some(({ outcome }) => outcome === 'blocked' || outcome === 'not-verified')) {
    return exitCodes.rejected;
  }
  return rows.some(({ outcome }) => outcome === 'inconclusive') ? exitCodes.inconclusive : exitCodes.passed;
}

function toJson({ commit }: RunningReleases, rows: readonly Row[]): object {
  return {
    ok: exitCodeOf(rows) === exitCodes.passed,
    ledgerCommit: commit,
    summary: Object.fromEntries(outcomes.map((outcome) => [outcome, countOf(rows, outcome)])),
    releases: rows,
  };
}

const styles: Readonly<Record<Row['outcome'], Style>> = {
  passed: 'green',
  blocked: 'red',
  'not-verified': 'red',
  inconclusive: 'yellow',
};

function describe({ commit }: RunningReleases, rows: readonly Row[], environment: string | undefined): string {
  if (rows.length === 0) {
    return describeNothing(commit, environment);
  }
  const paint = painter(process.stdout);
  const [head = '', ...lines] = table([
    ['TODAY', 'SERVICE', 'ENVIRONMENTS', 'IMAGE', 'SCANNED', 'FINDINGS'],
    ...rows.map(cellsOf),
  ]).split('\n');
  const details = rows.filter(({ outcome }) => outcome !== 'passed').flatMap(detailsOf);
  const counts = outcomes
    .filter((outcome) => countOf(rows, outcome) > 0)
    .map((outcome) => `${countOf(rows, outcome)} ${outcome}`);
  return [
    head,
    ...lines.map((line, index) => paint(styles[rows[index]?.outcome ?? 'inconclusive'], line)),
    ...(details.length === 0 ? [] : ['', ...details]),
    '',
    `${counted(rows.length, 'release')}${environment === undefined ? '' : ` in ${environment}`} at ledger commit ${commit?.slice(0, 12)}: ${counts.join(', ')}`,
  ].join('\n');
}

function cellsOf(row: Row): readonly string[] {
  const image = 'image' in row ? shortDigest(parseImageReference(row.image).digest) : '-';
  const [scanned, findings] =
    'verdict' in row
      ? [row.scannedAt.slice(0, 10), `${row.verdict.findings.length}, ${row.since.length} new`]
      : ['-', row.code];
  return [row.outcome, row.service, row.environments.join(', '), image, scanned, findings];
}

/** Why a release has not passed. */
function detailsOf(row: Row): readonly string[] {
  const reasons =
    'verdict' in row
      ? [
          ...row.verdict.findings
            .filter(({ decision }) => decision === 'blocks')
            .map((finding) => `${row.since.includes(finding) ? 'new: ' : ''}${describeFinding(finding)}`),
          ...row.verdict.reasons
            .filter(({ code }) => code !== 'finding-blocks')
            .map(({ code, message }) => `${code}: ${message}`),
        ]
      : [`${row.code}: ${row.message}`];
  return [
    `${row.service} in ${row.environments.join(', ')} is ${row.outcome}:`,
    ...reasons.map((text) => `  ${printable(text)}`),
  ];
}

function countOf(rows: readonly Row[], outcome: Row['outcome']): number {
  return rows.filter((row) => row.outcome === outcome).length;
}

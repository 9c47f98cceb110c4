import type { DatabaseOrigin, Verdict } from '../release';
import { inputOf, type Scanner } from './observation';
import type { SbomProblem } from './readers/sbom';
import type { ScanReport } from './scan-report';

/** The image of a platform, or a plain binary: each has an SBOM and its own scans. */
export interface ScannedArtifact {
  /** The platform of an image, such as `linux/amd64`; the file name of a binary. */
  readonly name: string;
  readonly kind: 'image' | 'binary';
  /** How the source is compiled for it. Artifacts of one target share the scan of the calls. */
  readonly target: string;
  /** The problem of its SBOM, if any. */
  readonly sbomProblem?: SbomProblem;
}

/** Everything that a verdict is based on. */
export interface Evidence {
  readonly artifacts: readonly ScannedArtifact[];
  readonly reports: readonly ScanReport[];
  readonly databases: DatabaseOrigin;
}

type Reasons = Verdict['reasons'];

export function sbomProblems({ artifacts }: Evidence): Reasons {
  if (!artifacts.some(({ kind }) => kind === 'image')) {
    return [{ code: 'no-sbom', message: 'there is no SBOM of any platform' }];
  }
  return [...artifacts]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, sbomProblem }) =>
      sbomProblem ? [{ code: sbomProblem.code, message: `${name}: ${sbomProblem.message}` }] : [],
    );
}

/** Reports that are missing, that cannot be used, or that are about something else. */
export function reportProblems({ artifacts, reports }: Evidence, scanners: readonly Scanner[]): Reasons {
  const missing = scanners.flatMap((scanner) =>
    subjectsOf(scanner, artifacts)
      .filter((subject) => !reports.some((report) => report.scanner === scanner && report.subject === subject))
      .map((subject) => ({
        code: 'scanner-did-not-run',
        message: `${scanner} did not run${subject === undefined ? '' : ` on ${subject}`}`,
      })),
  );
  const unusable = reports.flatMap((report) => (report.ok ? [] : [{ code: report.code, message: report.message }]));
  const foreign = reports
    .filter(({ scanner, subject }) => !subjectsOf(scanner, artifacts).includes(subject))
    .map(({ scanner, subject }) => ({
      code: 'other-subject',
      message: `expected reports of ${scanner} on ${list(subjectsOf(scanner, artifacts))}, found one on ${subject ?? 'nothing'}`,
    }));
  return [...missing, ...unusable, ...foreign];
}

/** What a scanner must have a report on. `undefined` stands for all configuration files together. */
function subjectsOf(scanner: Scanner, artifacts: readonly ScannedArtifact[]): readonly (string | undefined)[] {
  switch (inputOf(scanner)) {
    case 'artifact':
      return artifacts.map(({ name }) => name);
    case 'image':
      return artifacts.filter(({ kind }) => kind === 'image').map(({ name }) => name);
    case 'calls':
      return [...new Set(artifacts.map(({ target }) => target))];
    case 'configuration':
      return [undefined];
  }
}

function list(subjects: readonly (string | undefined)[]): string {
  return subjects.map((subject) => subject ?? 'the configuration files').join(', ');
}

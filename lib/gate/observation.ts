/** Scanners for known vulnerabilities in an image or a source, and for misconfigurations in a Dockerfile or in manifests. */
export type Scanner = 'grype' | 'govulncheck' | 'trivy' | 'trivy-config' | 'checkov';

/** What a verdict is about: a release, or manifests before they are published. */
type VerdictSubject = 'release' | 'configuration';

/** What the verdict needs to know of a scanner. Its place in the table decides which of equal observations describes a finding. */
interface ScannerProperties {
  /** The verdicts that are inconclusive without its report. */
  readonly requiredFor: readonly VerdictSubject[];
  /** Whether it follows calls: a finding without a call is then evidence that the vulnerable function is not called. */
  readonly followsCalls: boolean;
  /**
   * What the time of its database is: when the database was built, which measures its freshness, or the newest advisory in it, which can be weeks
   * old in a fresh database.
   */
  readonly databaseTime: 'build' | 'newest-advisory';
}

const scanners: Readonly<Record<Scanner, ScannerProperties>> = {
  grype: { requiredFor: ['release'], followsCalls: false, databaseTime: 'build' },
  govulncheck: { requiredFor: ['release'], followsCalls: true, databaseTime: 'newest-advisory' },
  trivy: { requiredFor: ['release'], followsCalls: false, databaseTime: 'build' },
  'trivy-config': { requiredFor: ['release', 'configuration'], followsCalls: false, databaseTime: 'build' },
  checkov: { requiredFor: ['release', 'configuration'], followsCalls: false, databaseTime: 'build' },
};

const scannerNames = Object.keys(scanners) as readonly Scanner[];

/** The scanners without whose report a verdict is inconclusive. */
export function requiredScanners(subject: VerdictSubject): readonly Scanner[] {
  return scannerNames.filter((scanner) => scanners[scanner].requiredFor.includes(subject));
}

/** Whether a scanner follows calls to vulnerable functions. */
export function followsCalls(scanner: Scanner): boolean {
  return scanners[scanner].followsCalls;
}

/** Whether the time of a scanner's database measures how fresh it is. */
export function hasBuildTime(scanner: Scanner): boolean {
  return scanners[scanner].databaseTime === 'build';
}

/** Negative if `a` is before `b` in the table of scanners. */
export function compareScanners(a: Scanner, b: Scanner): number {
  return scannerNames.indexOf(a) - scannerNames.indexOf(b);
}

/** A finding of one scanner, in a form common to all. */
export interface Observation {
  readonly id: string;
  readonly aliases: readonly string[];
  /** The package; for a misconfiguration its file, such as `Dockerfile` or `deployment.yaml`. */
  readonly package: string;
  /** The package's version; for a misconfiguration the environment and the resource, such as `dev: Deployment.hello`. */
  readonly version: string;
  /** For a misconfiguration: the path of the file, as the scanner got it. */
  readonly path?: string;
  /** For a misconfiguration: what is wrong. */
  readonly title?: string;
  readonly severity: 'unknown' | 'negligible' | 'low' | 'medium' | 'high' | 'critical';
  readonly fixedIn?: string;
  readonly source: Scanner;
  readonly reachable: boolean;
}

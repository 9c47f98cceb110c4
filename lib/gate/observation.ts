/** Scanners for known vulnerabilities in an image or a source, and for misconfigurations in a Dockerfile or in manifests. */
export type Scanner = 'grype' | 'govulncheck' | 'trivy' | 'trivy-config' | 'checkov';

/** What a verdict is about: a release, manifests before they are published, or a release that runs, by its SBOMs. */
export type VerdictSubject = 'release' | 'configuration' | 'running';

/**
 * What one report of a scanner is about: an artifact (the image of a platform, or a plain binary) by its SBOM or its content, the calls of the source
 * when it is compiled for a target, or all configuration files together.
 */
export type ScannerInput = 'artifact' | 'image' | 'calls' | 'configuration';

/** What the verdict needs to know of a scanner. Its place in the table decides which of equal observations describes a finding. */
interface ScannerProperties {
  /** The verdicts that are inconclusive without its reports. */
  readonly requiredFor: readonly VerdictSubject[];
  /** There must be one report for each of these. */
  readonly examines: ScannerInput;
  /** Whether it follows calls: a finding without a call is then evidence that the vulnerable function is not called. */
  readonly followsCalls: boolean;
  /**
   * What the time of its database is: when the database was built, which measures its freshness, or the newest advisory in it, which can be weeks
   * old in a fresh database. `none`: its checks come with the program.
   */
  readonly databaseTime: 'build' | 'newest-advisory' | 'none';
}

const scanners: Readonly<Record<Scanner, ScannerProperties>> = {
  grype: { requiredFor: ['release', 'running'], examines: 'artifact', followsCalls: false, databaseTime: 'build' },
  govulncheck: { requiredFor: ['release'], examines: 'calls', followsCalls: true, databaseTime: 'newest-advisory' },
  trivy: { requiredFor: ['release', 'running'], examines: 'image', followsCalls: false, databaseTime: 'build' },
  'trivy-config': {
    requiredFor: ['release', 'configuration'],
    examines: 'configuration',
    followsCalls: false,
    databaseTime: 'none',
  },
  checkov: {
    requiredFor: ['release', 'configuration'],
    examines: 'configuration',
    followsCalls: false,
    databaseTime: 'none',
  },
};

const scannerNames = Object.keys(scanners) as readonly Scanner[];

/** The scanners without whose reports a verdict is inconclusive. */
export function requiredScanners(subject: VerdictSubject): readonly Scanner[] {
  return scannerNames.filter((scanner) => scanners[scanner].requiredFor.includes(subject));
}

/** The scanners without whose database a verdict on a release is inconclusive. */
export function scannersWithDatabase(): readonly Scanner[] {
  return requiredScanners('release').filter((scanner) => scanners[scanner].databaseTime !== 'none');
}

/** What each report of a scanner is about. */
export function inputOf(scanner: Scanner): ScannerInput {
  return scanners[scanner].examines;
}

/** The scanner of a name, such as one that a release record has. */
export function scannerNamed(name: string): Scanner | undefined {
  return scannerNames.find((scanner) => scanner === name);
}

/** Whether a scanner follows calls to vulnerable functions. */
export function followsCalls(scanner: Scanner): boolean {
  return scanners[scanner].followsCalls;
}

/** What the time of a scanner's database is. */
export function databaseTimeOf(scanner: Scanner): ScannerProperties['databaseTime'] {
  return scanners[scanner].databaseTime;
}

/** Negative if `a` is before `b` in the table of scanners. */
export function compareScanners(a: Scanner, b: Scanner): number {
  return scannerNames.indexOf(a) - scannerNames.indexOf(b);
}

/** A finding of one scanner, in a form common to all. */
export interface Observation {
  readonly id: string;
  /** Equivalent IDs: CVE, GHSA and GO. */
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

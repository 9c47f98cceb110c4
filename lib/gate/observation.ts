/** Scanners for known vulnerabilities in an image or a source, and for misconfigurations in a Dockerfile or in manifests. */
export type Scanner = 'grype' | 'govulncheck' | 'trivy' | 'trivy-config' | 'checkov';

/** What a verdict is about: a release, or manifests before they are published. */
type VerdictSubject = 'release' | 'configuration';

/** By scanner: the verdicts that are inconclusive without its report. */
const requiredFor: Readonly<Record<Scanner, readonly VerdictSubject[]>> = {
  grype: ['release'],
  govulncheck: ['release'],
  trivy: ['release'],
  'trivy-config': ['release', 'configuration'],
  checkov: ['release', 'configuration'],
};

/** The scanners without whose report a verdict is inconclusive. */
export function requiredScanners(subject: VerdictSubject): readonly Scanner[] {
  const scanners = Object.keys(requiredFor) as readonly Scanner[];
  return scanners.filter((scanner) => requiredFor[scanner].includes(subject));
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

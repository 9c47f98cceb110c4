import { describeUnreadable } from './report-document';

/** Who looks: for known vulnerabilities in an image or a source, and for mistakes in a Dockerfile or in manifests. */
export type Scanner = 'grype' | 'govulncheck' | 'trivy' | 'trivy-config' | 'checkov';

/** What one scanner saw, in words common to all. */
export interface Observation {
  readonly id: string;
  readonly aliases: readonly string[];
  /** The package; of a configuration, its file, such as `Dockerfile` or `deployment.yaml`. */
  readonly package: string;
  /** The package's version; of a configuration, what it is about, such as `dev: Deployment.hello`. */
  readonly version: string;
  /** The file of a configuration by its whole path, as it was given to the scanner. */
  readonly path?: string;
  /** What is wrong, of a configuration: advisories are told by their names. */
  readonly title?: string;
  readonly severity: 'unknown' | 'negligible' | 'low' | 'medium' | 'high' | 'critical';
  readonly fixedIn?: string;
  readonly source: Scanner;
  readonly reachable: boolean;
}

/** A report that was read whole, or the reason why it can't be relied on. */
export type ScanReport =
  | {
      readonly ok: true;
      readonly scanner: Scanner;
      readonly observations: readonly Observation[];
      /** Checks of configuration come with the scanner, and have none. */
      readonly database?: { readonly builtAt: string };
    }
  | { readonly ok: false; readonly scanner: Scanner; readonly code: string; readonly message: string };

/** Reads JSON by a schema-checking function; anything wrong is a report that is inconclusive, with what was expected and what was found. */
export function readReport(scanner: Scanner, text: string, read: (text: string) => ScanReport): ScanReport {
  if (text.trim() === '') {
    return unreliableReport(scanner, 'empty-report', `${scanner} wrote no report: expected JSON, found nothing`);
  }
  try {
    return read(text);
  } catch (error) {
    const message = `the report of ${scanner} cannot be read: ${describeUnreadable(error, text)}`;
    return unreliableReport(scanner, 'unreadable-report', message);
  }
}

/** A report that says nothing, or says it about something else. */
export function unreliableReport(scanner: Scanner, code: string, message: string): ScanReport {
  return { ok: false, scanner, code, message };
}

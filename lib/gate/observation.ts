/** What one scanner saw, in words common to all. */
export interface Observation {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: string;
  readonly version: string;
  readonly severity: 'unknown' | 'negligible' | 'low' | 'medium' | 'high' | 'critical';
  readonly fixedIn?: string;
  readonly source: 'grype' | 'govulncheck' | 'trivy';
  readonly reachable: boolean;
}

/** A report that was read whole, or the reason why it can't be relied on. */
export type ScanReport =
  | {
      readonly ok: true;
      readonly scanner: Observation['source'];
      readonly observations: readonly Observation[];
      readonly database: { readonly builtAt: string };
    }
  | { readonly ok: false; readonly scanner: Observation['source']; readonly code: string; readonly message: string };

/** Reads JSON by a schema-checking function; anything wrong is a report that can't be relied on. */
export function readReport(
  scanner: Observation['source'],
  text: string,
  read: (text: string) => ScanReport,
): ScanReport {
  if (text.trim() === '') {
    return { ok: false, scanner, code: 'empty-report', message: `${scanner} wrote no report` };
  }
  try {
    return read(text);
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return {
      ok: false,
      scanner,
      code: 'unreadable-report',
      message: `the report of ${scanner} can't be read: ${message}`,
    };
  }
}

import { readGovulncheckReport, type ScanReport } from '../../gate';
import { ProgramError, run } from '../../process';
import { toolPath } from '../../tools';
import type { Reporter } from '../reporter';
import type { VulnerabilityDatabases } from './vulnerability-databases';

export interface GovulncheckInput {
  /** Folder of go.mod. */
  readonly directory: string;
  /** The main package, such as `./cmd/shop`. */
  readonly package: string;
  /** Build tags. */
  readonly tags: readonly string[];
  readonly cgo: boolean;
  readonly vendored: boolean;
  readonly databases: VulnerabilityDatabases;
  readonly reporter: Reporter;
}

/** Lets govulncheck follow the calls of a program to vulnerable functions. */
export async function scanWithGovulncheck(input: GovulncheckInput): Promise<ScanReport> {
  const { databases, tags } = input;
  const outcome = await run({
    program: toolPath('govulncheck'),
    arguments: [
      ...(databases.origin === 'fixture' ? ['-db', `file://${databases.govulncheck}`] : []),
      '-format',
      'json',
      ...(tags.length > 0 ? ['-tags', tags.join(',')] : []),
      input.package,
    ],
    directory: input.directory,
    environment: {
      CGO_ENABLED: input.cgo ? '1' : '0',
      GOFLAGS: `-mod=${input.vendored ? 'vendor' : 'readonly'}`,
      GOWORK: 'off',
    },
    timeoutSeconds: 900,
    onProgress: (line) => input.reporter.progress(line),
  });
  if (outcome.exitCode !== 0) {
    const { message } = new ProgramError('govulncheck', outcome);
    return { ok: false, scanner: 'govulncheck', code: 'scanner-failed', message };
  }
  return readGovulncheckReport(outcome.stdout);
}

import { readGovulncheckReport, type ScanReport } from '../../gate';
import { moduleVariables } from '../../image';
import { ProgramError, run } from '../../process';
import { toolPath } from '../../tools';
import { downloadModules } from '../modules/download-modules';
import type { ModuleAccess } from '../modules/module-access';
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
  /** Absolute path of go.work. @default the module alone */
  readonly workspace?: string;
  /** GOEXPERIMENT and other settings of the toolchain. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Access to private modules, which are downloaded before govulncheck starts. @default none */
  readonly modules?: ModuleAccess;
  readonly databases: VulnerabilityDatabases;
  readonly reporter: Reporter;
}

/** Lets govulncheck follow the calls of a program to vulnerable functions. */
export async function scanWithGovulncheck(input: GovulncheckInput): Promise<ScanReport> {
  const { databases, tags, modules } = input;
  if (modules !== undefined) {
    const download = await downloadModules(input.directory, modules, { GOWORK: input.workspace ?? 'off' });
    if (download.exitCode !== 0) {
      const { message } = new ProgramError('go mod download', download);
      return { ok: false, scanner: 'govulncheck', code: 'scanner-failed', message };
    }
  }
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
      GOWORK: input.workspace ?? 'off',
      ...input.variables,
      // Downloaded above. govulncheck itself has no credential.
      ...(modules === undefined ? {} : { ...moduleVariables(modules.modules), GOPROXY: 'off' }),
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

import type { PrivateModules } from '../../catalog';
import { inconclusiveReport, readGovulncheckReport, type ScanReport } from '../../gate';
import { moduleVariables } from '../../image';
import { mustRunTool, ProgramError, retryTransient, runTool } from '../../process';
import { toolPath } from '../../tools';
import type { Reporter } from '../reporter';
import type { CompileTarget } from '../scanning/artifacts';
import type { VulnerabilityDatabases } from './vulnerability-databases';

export interface GovulncheckInput {
  /** Folder of go.mod. */
  readonly directory: string;
  /** The main package, such as `./cmd/shop`. */
  readonly package: string;
  /** The import path of the main package. */
  readonly importPath: string;
  /** What the program is compiled for: GOOS and GOARCH decide which files belong to it. */
  readonly target: CompileTarget;
  /** Build tags. */
  readonly tags: readonly string[];
  readonly vendored: boolean;
  /** Absolute path of go.work. @default the module alone */
  readonly workspace?: string;
  /** GOEXPERIMENT and other settings of the toolchain. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Private modules, which have been downloaded before. @default none */
  readonly modules?: PrivateModules;
  readonly databases: VulnerabilityDatabases;
  readonly reporter: Reporter;
}

/**
 * Lets govulncheck follow the calls of a program to vulnerable functions. It first looks which packages the program imports, which takes a hundredth of
 * the time: if none of them is vulnerable, there are no calls to follow.
 */
export async function scanWithGovulncheck(input: GovulncheckInput): Promise<ScanReport> {
  const packages = await runGovulncheck(input, 'package');
  return packages.ok || packages.code !== 'shallow-scan' ? packages : runGovulncheck(input, 'symbol');
}

async function runGovulncheck(input: GovulncheckInput, level: 'package' | 'symbol'): Promise<ScanReport> {
  const { databases, tags, modules } = input;
  const outcome = await runTool({
    program: toolPath('govulncheck'),
    access: ['go-modules'],
    arguments: [
      '-db',
      feedOf(databases),
      '-scan',
      level,
      '-format',
      'json',
      ...(tags.length > 0 ? ['-tags', tags.join(',')] : []),
      input.package,
    ],
    // Its input is the folder of the module.
    directory: input.directory,
    variables: {
      GOOS: input.target.os,
      GOARCH: input.target.architecture,
      CGO_ENABLED: input.target.cgo ? '1' : '0',
      GOFLAGS: `-mod=${input.vendored ? 'vendor' : 'readonly'} -buildvcs=false`,
      GOWORK: input.workspace ?? 'off',
      ...input.variables,
      // scanCalls has downloaded them, so that govulncheck needs no credential.
      ...(modules === undefined ? {} : { ...moduleVariables(modules), GOPROXY: 'off' }),
    },
    timeoutSeconds: 900,
    onProgress: (line) => input.reporter.progress(line),
  });
  if (outcome.exitCode !== 0) {
    return inconclusiveReport('govulncheck', 'scanner-failed', new ProgramError('govulncheck', outcome).message);
  }
  return readGovulncheckReport(outcome.stdout, input.importPath);
}

function feedOf(databases: VulnerabilityDatabases): string {
  return databases.origin === 'fixture' ? `file://${databases.govulncheck}` : 'https://vuln.go.dev';
}

/**
 * The time of the newest advisory, as the reports of govulncheck say.
 * @throws ProgramError, Error
 */
export async function feedTime(databases: VulnerabilityDatabases): Promise<string> {
  const { stdout } = await retryTransient(
    () =>
      mustRunTool({
        program: toolPath('govulncheck'),
        access: ['go-modules'],
        arguments: ['-db', feedOf(databases), '-version'],
        timeoutSeconds: 120,
      }),
    { attempts: 3, firstWaitSeconds: 2 },
  );
  const time = parseFeedTime(stdout);
  if (time === undefined) {
    throw new Error(`govulncheck -version has no time of its database: ${JSON.stringify(stdout)}`);
  }
  return time;
}

/** Reads `DB updated: 2024-12-18 00:00:00 +0000 UTC` in the form that govulncheck's JSON has: RFC 3339. */
export function parseFeedTime(text: string): string | undefined {
  const [, day, time] = /^DB updated: (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) \+0000 UTC$/m.exec(text) ?? [];
  return day === undefined ? undefined : `${day}T${time}Z`;
}

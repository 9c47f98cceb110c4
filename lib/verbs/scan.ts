import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform, Service } from '../catalog';
import {
  checkSbom,
  judgeFindings,
  readGovulncheckReport,
  readGrypeReport,
  type SbomProblem,
  type ScanReport,
  steadySbom,
} from '../gate';
import { ProgramError, retryTransient, run } from '../process';
import type { Built, Release, Scanned } from '../release';
import { toolPath } from '../tools';
import { canonicalJson, type Digest, digestOf, imageReference } from '../values';
import { isLocalRegistry } from './registry';
import { writeWhole } from './release-folder';
import type { Reporter } from './reporter';

/** Where the scanners' knowledge comes from: their feeds, or the project's own small stand-in for demo and tests. */
export type VulnerabilityDatabases =
  | { readonly origin: 'feed' }
  | {
      readonly origin: 'stand-in' /** Folder for GRYPE_DB_CACHE_DIR. */;
      readonly grype: string /** Folder of a Go vulnerability database. */;
      readonly govulncheck: string;
    };

export interface ScanInput {
  readonly platform: Platform;
  readonly service: Service;
  readonly release: Release;
  /** Checkout of the service's repository at the commit of the release. */
  readonly source: string;
  readonly databases: VulnerabilityDatabases;
  readonly now: Date;
  readonly reporter: Reporter;
}

export interface ScanResult {
  readonly release: Scanned;
  /** `sbom/<os>-<arch>.cdx.json` → CycloneDX text. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * SBOM of every platform by syft, findings by grype (what is in the binary) and govulncheck (what is called), and the verdict.
 * The verdict is part of the result in any case; the caller stops on anything but `passed`.
 */
export async function scan(input: ScanInput): Promise<ScanResult> {
  const { release, reporter } = input;
  const built = asBuilt(release);
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-scan-'));
  try {
    const calls = govulncheck(input);
    const platforms = await Promise.all(
      Object.entries(built.image.platforms)
        .sort()
        .map(([platform, image]) => scanPlatform(input, built, platform, image, scratch)),
    );
    const verdict = judgeFindings(
      {
        sboms: Object.fromEntries(platforms.map(({ platform, problem }) => [platform, problem])),
        reports: [...platforms.map(({ report }) => report), await calls],
        databases: input.databases.origin,
      },
      input.platform.findings,
      input.now,
    );
    reporter.note(
      `verdict: ${verdict.outcome}${verdict.reasons.length === 0 ? '' : `\n${verdict.reasons.map(({ code, message }) => `  ${code}: ${message}`).join('\n')}`}`,
    );
    return {
      release: {
        ...built,
        stage: 'scanned',
        sboms: Object.fromEntries(
          platforms.map(({ platform, text, components }) => [platform, { digest: digestOf(text), components }]),
        ),
        verdict,
      },
      files: Object.fromEntries(platforms.map(({ platform, text }) => [sbomFile(platform), text])),
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Path of a platform's SBOM in a release folder. */
export function sbomFile(platform: string): string {
  return `sbom/${platform.replace('/', '-')}.cdx.json`;
}

function asBuilt(release: Release): Built {
  const { version, service, source, image, binaries } = release;
  return { version, stage: 'built', service, source, image, binaries };
}

interface PlatformScan {
  readonly platform: string;
  readonly text: string;
  readonly components: number;
  readonly problem: SbomProblem | undefined;
  readonly report: ScanReport;
}

async function scanPlatform(
  input: ScanInput,
  built: Built,
  platform: string,
  image: Digest,
  scratch: string,
): Promise<PlatformScan> {
  const reference = imageReference(built.image.repository, image);
  const raw = await retryTransient(async () => {
    const outcome = await run({
      program: toolPath('syft'),
      arguments: ['scan', `registry:${reference}`, '--quiet', '--output', 'cyclonedx-json'],
      environment: {
        SYFT_CHECK_FOR_APP_UPDATE: 'false',
        SYFT_REGISTRY_INSECURE_USE_HTTP: isLocalRegistry(reference) ? 'true' : 'false',
      },
      timeoutSeconds: 300,
      onProgress: (line) => input.reporter.progress(line),
    });
    if (outcome.exitCode !== 0) {
      throw new ProgramError('syft', outcome);
    }
    return outcome.stdout;
  }, patience);
  const checked = checkSbom(raw, image);
  const text = checked.ok ? canonicalJson(steadySbom(raw)) : raw;
  const file = join(scratch, `${platform.replace('/', '-')}.cdx.json`);
  writeWhole(file, text);
  return {
    platform,
    text,
    components: checked.ok ? checked.components : 0,
    problem: checked.ok ? undefined : checked.problem,
    report: await grype(input, file),
  };
}

const patience = { attempts: 3, firstWaitSeconds: 2 } as const;

async function grype(input: ScanInput, sbom: string): Promise<ScanReport> {
  const { databases } = input;
  const ownDatabase =
    databases.origin === 'stand-in'
      ? { GRYPE_DB_CACHE_DIR: databases.grype, GRYPE_DB_AUTO_UPDATE: 'false', GRYPE_DB_VALIDATE_AGE: 'false' }
      : {};
  const outcome = await run({
    program: toolPath('grype'),
    arguments: [`sbom:${sbom}`, '--quiet', '--output', 'json'],
    environment: { GRYPE_CHECK_FOR_APP_UPDATE: 'false', ...ownDatabase },
    timeoutSeconds: 600,
  });
  if (outcome.exitCode !== 0) {
    return { ok: false, scanner: 'grype', code: 'scanner-failed', message: new ProgramError('grype', outcome).message };
  }
  return readGrypeReport(outcome.stdout);
}

async function govulncheck(input: ScanInput): Promise<ScanReport> {
  const { build, source } = input.service;
  const directory = join(input.source, source.directory);
  const vendored = build.vendor !== 'never' && existsSync(join(directory, 'vendor', 'modules.txt'));
  const database = input.databases.origin === 'stand-in' ? ['-db', `file://${input.databases.govulncheck}`] : [];
  const main = build.main.replace(/^\.\//, '').replace(/\/$/, '');
  const outcome = await run({
    program: toolPath('govulncheck'),
    arguments: [
      ...database,
      '-format',
      'json',
      ...(build.tags.length > 0 ? ['-tags', build.tags.join(',')] : []),
      main === '.' ? '.' : `./${main}`,
    ],
    directory,
    environment: {
      CGO_ENABLED: build.cgo ? '1' : '0',
      GOFLAGS: `-mod=${vendored ? 'vendor' : 'readonly'}`,
      GOWORK: 'off',
    },
    timeoutSeconds: 900,
    onProgress: (line) => input.reporter.progress(line),
  });
  if (outcome.exitCode !== 0) {
    return {
      ok: false,
      scanner: 'govulncheck',
      code: 'scanner-failed',
      message: new ProgramError('govulncheck', outcome).message,
    };
  }
  return readGovulncheckReport(outcome.stdout);
}

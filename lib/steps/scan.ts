import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog, Service } from '../catalog';
import {
  checkSbom,
  judgeFindings,
  normalizedSbom,
  policyFor,
  readGovulncheckReport,
  readGrypeReport,
  type SbomProblem,
  type ScanReport,
} from '../gate';
import { recipeOf } from '../image';
import type { Renderer } from '../ledger';
import { ProgramError, retryTransient, run } from '../process';
import type { Built, Release, Scanned } from '../release';
import { toolPath } from '../tools';
import { canonicalJson, type Digest, digestOf, imageReference } from '../values';
import { checkConfiguration } from './check-configuration';
import { speaksHttp } from './clients/registry';
import { scanWithTrivy, trivyDatabase } from './clients/trivy';
import { manifestsOfRelease } from './gitops/render-release';
import { readSource } from './read-source';
import { writeWhole } from './release-folder';
import type { Reporter } from './reporter';
import type { VulnerabilityDatabases } from './vulnerability-databases';

export interface ScanInput {
  readonly catalog: Catalog;
  readonly service: Service;
  readonly release: Release;
  /** Checkout of the service's repository at the commit of the release. */
  readonly source: string;
  readonly databases: VulnerabilityDatabases;
  /** Writes the manifests that the release would bring: they are checked, too. */
  readonly renderer: Renderer;
  readonly now: Date;
  readonly reporter: Reporter;
}

export interface ScanResult {
  readonly release: Scanned;
  /** `sbom/<os>-<arch>.cdx.json` → CycloneDX text. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * SBOM of every platform by syft; findings by grype (what the SBOM names), trivy (what is in the image) and govulncheck (what is called);
 * mistakes in the Dockerfile and in the manifests that the release would bring, by trivy and checkov; and the verdict.
 * The verdict is part of the result in any case; the caller stops on anything but `passed`.
 */
export async function scan(input: ScanInput): Promise<ScanResult> {
  const { release, reporter } = input;
  const built = asBuilt(release);
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-scan-'));
  try {
    const files = configurationOf(input, built);
    const database = await trivyDatabase(input.databases);
    const images = Object.entries(built.image.platforms).sort();
    const [platforms, inImages, calls, configuration] = await Promise.all([
      Promise.all(images.map(([platform, image]) => scanPlatform(input, built, platform, image, scratch))),
      Promise.all(
        images.map(([platform, image]) => scanWithTrivy(built.image.repository, image, platform, database, scratch)),
      ),
      govulncheck(input),
      checkConfiguration(files),
    ]);
    const verdict = judgeFindings(
      {
        sboms: Object.fromEntries(platforms.map(({ platform, problem }) => [platform, problem])),
        reports: [...platforms.map(({ report }) => report), ...inImages, calls, ...configuration],
        databases: input.databases.origin,
      },
      policyFor(input.catalog.platform.findings, input.catalog.acceptedRisks ?? [], input.service.name),
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

function configurationOf({ catalog, service, source, renderer }: ScanInput, built: Built): ReadonlyMap<string, string> {
  const { dockerfile } = recipeOf(catalog.platform, service, readSource(join(source, service.source.directory)));
  return new Map([['Dockerfile', dockerfile], ...manifestsOfRelease(catalog, service, built, renderer)]);
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
        SYFT_REGISTRY_INSECURE_USE_HTTP: speaksHttp(reference) ? 'true' : 'false',
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
  const text = checked.ok ? canonicalJson(normalizedSbom(raw)) : raw;
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
    databases.origin === 'fixture'
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
  const database = input.databases.origin === 'fixture' ? ['-db', `file://${input.databases.govulncheck}`] : [];
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

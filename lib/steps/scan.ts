import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Catalog, Service } from '../catalog';
import {
  checkSbom,
  judgeFindings,
  normalizedSbom,
  policyFor,
  reportOn,
  type SbomProblem,
  type ScanReport,
} from '../gate';
import { buildLayout, createImageRecipe, type SourceFacts, toolchainVariables, toPackagePath } from '../image';
import type { Renderer } from '../ledger';
import { writeFileAtomic } from '../process';
import type { Built, Release, Scanned, Verdict } from '../release';
import { canonicalJson, type Digest, digestOf, imageReference, instantOf } from '../values';
import { checkConfiguration } from './check-configuration';
import { scanWithGovulncheck } from './clients/govulncheck';
import { scanWithGrype } from './clients/grype';
import { writeSbom } from './clients/syft';
import { scanWithTrivy, trivyDatabase } from './clients/trivy';
import type { VulnerabilityDatabases } from './clients/vulnerability-databases';
import type { ModuleAccess } from './modules/module-access';
import { manifestsOfRelease } from './render-release';
import type { Reporter } from './reporter';
import { scanTools } from './scan-tools';
import { readSource } from './source/read-source';

export interface ScanInput {
  readonly catalog: Catalog;
  readonly service: Service;
  readonly release: Release;
  /** Checkout of the service's repository at the commit of the release. */
  readonly source: string;
  readonly databases: VulnerabilityDatabases;
  /** Renders the manifests of the release: they are checked, too. */
  readonly renderer: Renderer;
  readonly now: Date;
  /** Opens the access to private modules. Called only where the source has such modules and does not vendor them. @default no access */
  readonly openModules?: () => Promise<ModuleAccess>;
  readonly reporter: Reporter;
}

export interface ScanResult {
  readonly release: Scanned;
  /** `sbom/<os>-<arch>.cdx.json` → CycloneDX text. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Scans a release and gives the verdict:
 * - syft writes the SBOM of each platform, and grype scans it for known vulnerabilities;
 * - trivy scans the image of each platform;
 * - govulncheck scans the source for vulnerable functions that are called;
 * - trivy and checkov check the Dockerfile and the manifests of the release.
 *
 * The result has the verdict in any case. The caller stops unless it is `passed`.
 */
export async function scan(input: ScanInput): Promise<ScanResult> {
  const { release, reporter } = input;
  const built = builtStage(release);
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-scan-'));
  try {
    const facts = await readSource(input.source, input.service);
    const files = configurationOf(input, built, facts);
    const database = await trivyDatabase(input.databases);
    const images = Object.entries(built.image.platforms)
      .sort()
      .map(([platform, digest]): PlatformImage => ({ repository: built.image.repository, platform, digest }));
    const [platforms, imageReports, callReport, configurationReports] = await Promise.all([
      Promise.all(images.map((image) => scanPlatform(input, image, scratch))),
      Promise.all(
        images.map(async (image) => reportOn(image.platform, await scanWithTrivy({ ...image, database, scratch }))),
      ),
      scanSource(input, facts),
      checkConfiguration(files),
    ]);
    const verdict = judgeFindings(
      {
        artifacts: platforms.map(({ platform, problem }) => ({
          name: platform,
          kind: 'image',
          target: 'source',
          ...(problem === undefined ? {} : { sbomProblem: problem }),
        })),
        reports: [
          ...platforms.map(({ platform, report }) => reportOn(platform, report)),
          ...imageReports,
          reportOn('source', callReport),
          ...configurationReports,
        ],
        databases: input.databases.origin,
      },
      policyFor(input.catalog.platform.findings, input.catalog.acceptedRisks ?? [], input.service.name),
      input.now,
    );
    reporter.note(describeVerdict(verdict));
    return {
      release: {
        ...built,
        stage: 'scanned',
        scannedAt: instantOf(input.now),
        tools: await scanTools(),
        sboms: Object.fromEntries(
          platforms.map(({ platform, text, components }) => [platform, { digest: digestOf(text), components }]),
        ),
        binarySboms: {},
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

/** The record without what an earlier scan or a later step added. */
function builtStage(release: Release): Built {
  const { version, service, source, image, binaries, start } = release;
  return { version, stage: 'built', service, source, image, binaries, ...(start === undefined ? {} : { start }) };
}

/** The files that are checked for misconfigurations: path → text. */
function configurationOf(
  { catalog, service, renderer }: ScanInput,
  built: Built,
  facts: SourceFacts,
): ReadonlyMap<string, string> {
  const { dockerfile } = createImageRecipe(catalog.platform, service, facts);
  return new Map([['Dockerfile', dockerfile], ...manifestsOfRelease(catalog, service, built, renderer)]);
}

interface PlatformImage {
  readonly repository: Built['image']['repository'];
  readonly platform: string;
  readonly digest: Digest;
}

interface PlatformScan {
  readonly platform: string;
  /** The SBOM. */
  readonly text: string;
  readonly components: number;
  readonly problem: SbomProblem | undefined;
  readonly report: ScanReport;
}

async function scanPlatform(
  { databases, reporter }: ScanInput,
  { repository, platform, digest }: PlatformImage,
  scratch: string,
): Promise<PlatformScan> {
  const raw = await writeSbom(imageReference(repository, digest), reporter);
  const checked = checkSbom(raw, digest);
  const text = checked.ok ? canonicalJson(normalizedSbom(raw)) : raw;
  const file = join(scratch, `${platform.replace('/', '-')}.cdx.json`);
  writeFileAtomic(file, text);
  return {
    platform,
    text,
    components: checked.ok ? checked.components : 0,
    problem: checked.ok ? undefined : checked.problem,
    report: await scanWithGrype(file, databases),
  };
}

async function scanSource(
  { service, source, databases, openModules, reporter }: ScanInput,
  facts: SourceFacts,
): Promise<ScanReport> {
  const { build } = service;
  const { vendored, workspace } = buildLayout(facts);
  return scanWithGovulncheck({
    directory: join(source, service.source.directory),
    package: toPackagePath(build.main),
    tags: build.tags,
    cgo: build.cgo,
    modules: build.modules === undefined || vendored ? undefined : await openModules?.(),
    vendored,
    workspace: workspace && facts.workspace !== undefined ? resolve(source, facts.workspace.file) : undefined,
    variables: toolchainVariables(build),
    databases,
    reporter,
  });
}

function describeVerdict({ outcome, reasons }: Verdict): string {
  return [`verdict: ${outcome}`, ...reasons.map(({ code, message }) => `  ${code}: ${message}`)].join('\n');
}

import type { Catalog, Service } from '../catalog';
import { judgeFindings, policyFor, reportOn, vexDocument } from '../gate';
import { createImageRecipe, type SourceFacts } from '../image';
import type { Renderer } from '../ledger';
import { withTemporaryFolder } from '../process';
import type { Built, Release, Scanned, Verdict } from '../release';
import { canonicalJson, digestOf, instantOf } from '../values';
import { type ReleaseIdentity, requireRecordedImage } from '../verify';
import { checkConfiguration } from './check-configuration';
import { grypeDatabase } from './clients/grype';
import { scanWithTrivy, trivyDatabase } from './clients/trivy';
import type { VulnerabilityDatabases } from './clients/vulnerability-databases';
import type { ModuleAccess } from './modules/module-access';
import { manifestsOfRelease } from './render-release';
import type { Reporter } from './reporter';
import { scanTools } from './scan-tools';
import { type Artifact, artifactsOf, targetsOf } from './scanning/artifacts';
import { atATime } from './scanning/at-a-time';
import { type ArtifactScan, sbomFile, scanArtifact } from './scanning/scan-artifact';
import { scanCalls } from './scanning/scan-calls';
import { hashModuleFiles } from './source/module-files';
import { readSource } from './source/read-source';

export interface ScanInput {
  readonly catalog: Catalog;
  readonly service: Service;
  readonly release: Release;
  /** What the record must say about its service. */
  readonly identity: ReleaseIdentity;
  /** Checkout of the service's repository at the commit of the release. */
  readonly source: string;
  /** Folder of the plain binaries, if the release has any. */
  readonly binaries: string;
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
  /** `sbom/<os>-<arch>.cdx.json` of each image, `sbom/<file>.cdx.json` of each plain binary, and `vex.openvex.json` if there is anything to state. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Scans a release and gives the verdict:
 * - syft writes the SBOM of each image and of each plain binary, and grype scans it for known vulnerabilities;
 * - trivy scans the image of each platform;
 * - govulncheck scans the source for vulnerable functions that are called, for each GOOS and GOARCH;
 * - trivy and checkov check the Dockerfile and the manifests of the release.
 *
 * The result has the verdict in any case. The caller stops unless it is `passed`.
 */
export async function scan(input: ScanInput): Promise<ScanResult> {
  const { release, reporter, databases } = input;
  await requireRecordedImage(release, input.identity);
  const built = builtStage(release);
  return withTemporaryFolder('scan', async (scratch) => {
    const facts = await readSource(input.source, input.service);
    const files = configurationOf(input, built, facts);
    const artifacts = artifactsOf(built, { cgo: input.service.build.cgo, binaries: input.binaries });
    const [grype, trivy] = await Promise.all([grypeDatabase(databases), trivyDatabase(databases)]);
    const [scans, imageReports, callReports, configurationReports] = await Promise.all([
      atATime(parallelScans, artifacts, (artifact) => scanArtifact(artifact, { database: grype, scratch, reporter })),
      atATime(parallelScans, artifacts.filter(isImage), async (image) =>
        reportOn(image.name, await scanWithTrivy({ ...image, platform: image.name, database: trivy })),
      ),
      scanCalls({ ...input, facts, targets: targetsOf(artifacts) }),
      checkConfiguration(files),
    ]);
    const verdict = judgeFindings(
      {
        artifacts: scans.map(({ artifact: { name, kind, target }, problem }) => ({
          name,
          kind,
          target: target.name,
          ...(problem === undefined ? {} : { sbomProblem: problem }),
        })),
        reports: [...scans.map(({ report }) => report), ...imageReports, ...callReports, ...configurationReports],
        databases: databases.origin,
      },
      policyFor(input.catalog.platform.findings, input.catalog.acceptedRisks ?? [], input.service.name),
      input.now,
    );
    reporter.note(describeVerdict(verdict));
    const scanned: Scanned = {
      ...built,
      stage: 'scanned',
      scannedAt: instantOf(input.now),
      tools: await scanTools(),
      sboms: sbomsOf(scans, 'image'),
      binarySboms: sbomsOf(scans, 'binary'),
      moduleFiles: hashModuleFiles(input.source, facts),
      verdict,
    };
    const vex = vexDocument(scanned);
    return {
      release: scanned,
      files: Object.fromEntries([
        ...scans.map(({ artifact, text }) => [sbomFile(artifact.name), text]),
        ...(vex === undefined ? [] : [[vexFile, canonicalJson(vex)]]),
      ]),
    };
  });
}

function sbomsOf(scans: readonly ArtifactScan[], kind: Artifact['kind']): Scanned['sboms'] {
  return Object.fromEntries(
    scans
      .filter(({ artifact }) => artifact.kind === kind)
      .map(({ artifact, text, components }) => [artifact.name, { digest: digestOf(text), components }]),
  );
}

function isImage(artifact: Artifact): artifact is Extract<Artifact, { kind: 'image' }> {
  return artifact.kind === 'image';
}

/** A release can have many binaries, and a scanner uses several processors. */
const parallelScans = 2;

/** The OpenVEX document in a release folder. */
const vexFile = 'vex.openvex.json';

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

function describeVerdict({ outcome, reasons }: Verdict): string {
  return [`verdict: ${outcome}`, ...reasons.map(({ code, message }) => `  ${code}: ${message}`)].join('\n');
}

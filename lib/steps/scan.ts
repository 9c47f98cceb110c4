import { policyFor, vexDocument } from '../gate';
import { createImageRecipe, type SourceFacts } from '../image';
import { withTemporaryFolder } from '../process';
import type { Built, Release, Scanned, Verdict } from '../release';
import { canonicalJson } from '../values';
import { requireRecordedImage } from '../verify';
import { grypeDatabase } from './clients/grype';
import { trivyDatabase } from './clients/trivy';
import { manifestsOfRelease } from './render-release';
import { scanTools } from './scan-tools';
import { artifactsOf } from './scanning/artifacts';
import { reuseScan } from './scanning/reuse-scan';
import { sbomFile } from './scanning/scan-artifact';
import { scanArtifacts } from './scanning/scan-artifacts';
import type { PreparedScan, ScanInput, ScanOutcome } from './scanning/scan-input';
import { hashModuleFiles } from './source/module-files';
import { readSource } from './source/read-source';

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
 * Signed evidence of an earlier scan of the same image is used again, if these scanners would find the same with today's databases and policy.
 *
 * The result has the verdict in any case. The caller stops unless it is `passed`.
 */
export async function scan(input: ScanInput): Promise<ScanResult> {
  const { release, reporter } = input;
  await requireRecordedImage(release, input.identity);
  const built = builtStage(release);
  return withTemporaryFolder('scan', async (scratch) => {
    const prepared = await prepare(input, built, scratch);
    const { scannedAt, verdict, sboms, binarySboms, texts } =
      (await reuse(prepared)) ?? (await scanArtifacts(prepared));
    reporter.note(describeVerdict(verdict));
    const scanned: Scanned = {
      ...built,
      stage: 'scanned',
      scannedAt,
      tools: prepared.tools,
      sboms,
      binarySboms,
      moduleFiles: hashModuleFiles(input.source, prepared.facts),
      verdict,
    };
    const vex = vexDocument(scanned);
    return {
      release: scanned,
      files: Object.fromEntries([
        ...[...texts].map(([name, text]) => [sbomFile(name), text]),
        ...(vex === undefined ? [] : [[vexFile, canonicalJson(vex)]]),
      ]),
    };
  });
}

async function prepare(input: ScanInput, built: Built, scratch: string): Promise<PreparedScan> {
  const { catalog, service, databases } = input;
  const facts = await readSource(input.source, service);
  const [grype, trivy, tools] = await Promise.all([grypeDatabase(databases), trivyDatabase(databases), scanTools()]);
  return {
    input,
    built,
    facts,
    configuration: configurationOf(input, built, facts),
    artifacts: artifactsOf(built, { cgo: service.build.cgo, binaries: input.binaries }),
    tools,
    grype,
    trivy,
    policy: policyFor(catalog.platform.findings, catalog.acceptedRisks ?? [], service.name),
    scratch,
  };
}

/** An earlier scan, if its evidence can be used again. Why it cannot is said, and is no failure: everything is scanned then. */
async function reuse(prepared: PreparedScan): Promise<ScanOutcome | undefined> {
  const { earlier, reporter } = prepared.input;
  if (earlier === undefined) {
    return undefined;
  }
  const reused = await reuseScan(prepared, earlier);
  if ('reason' in reused) {
    reporter.note(`no earlier scan can be used again: ${reused.reason}`);
    return undefined;
  }
  reporter.note(`the scan of ${reused.signedAt} is used again: the same image, scanners, databases and policy`);
  return reused;
}

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

import { join } from 'node:path';
import { checkSbom, normalizedSbom, reportOn, type SbomProblem, type ScanReport } from '../../gate';
import { writeFileAtomic } from '../../process';
import { canonicalJson } from '../../values';
import { type GrypeDatabase, scanWithGrype } from '../clients/grype';
import { writeSbom } from '../clients/syft';
import type { Reporter } from '../reporter';
import type { Artifact } from './artifacts';

/** The SBOM of an artifact, and what grype finds in it. */
export interface ArtifactScan {
  readonly artifact: Artifact;
  /** The SBOM. */
  readonly text: string;
  readonly components: number;
  readonly problem: SbomProblem | undefined;
  readonly report: ScanReport;
}

/** What the scans of all artifacts share. */
export interface ArtifactScanInput {
  readonly database: GrypeDatabase;
  /** Folder for SBOMs. */
  readonly scratch: string;
  readonly reporter: Reporter;
}

/** The SBOM of an artifact. @throws ProgramError when syft fails */
export async function describeArtifact(
  artifact: Artifact,
  reporter: Reporter,
): Promise<Pick<ArtifactScan, 'text' | 'components' | 'problem'>> {
  const raw = await writeSbom(artifact, reporter);
  const checked = checkSbom(raw, artifact.digest, artifact.program);
  return checked.ok
    ? { text: canonicalJson(normalizedSbom(raw)), components: checked.components, problem: undefined }
    : { text: raw, components: 0, problem: checked.problem };
}

/** Writes the SBOM of an artifact and scans it for known vulnerabilities. @throws ProgramError when syft fails */
export async function scanArtifact(
  artifact: Artifact,
  { database, scratch, reporter }: ArtifactScanInput,
): Promise<ArtifactScan> {
  const described = await describeArtifact(artifact, reporter);
  const file = join(scratch, sbomFile(artifact.name));
  writeFileAtomic(file, described.text);
  const report = reportOn(artifact.name, await scanWithGrype(file, artifact, database));
  return { artifact, ...described, report };
}

/** Path of the SBOM of an image or a plain binary in a release folder. @param name the platform, or the file name of the binary */
export function sbomFile(name: string): string {
  return `sbom/${name.replace('/', '-')}.cdx.json`;
}

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

/** Writes the SBOM of an artifact and scans it for known vulnerabilities. @throws ProgramError when syft fails */
export async function scanArtifact(
  artifact: Artifact,
  { database, scratch, reporter }: ArtifactScanInput,
): Promise<ArtifactScan> {
  const raw = await writeSbom(artifact, reporter);
  const checked = checkSbom(raw, artifact.digest, artifact.program);
  const text = checked.ok ? canonicalJson(normalizedSbom(raw)) : raw;
  const file = join(scratch, sbomFile(artifact.name));
  writeFileAtomic(file, text);
  return {
    artifact,
    text,
    components: checked.ok ? checked.components : 0,
    problem: checked.ok ? undefined : checked.problem,
    report: reportOn(artifact.name, await scanWithGrype(file, artifact, database)),
  };
}

/** Path of the SBOM of an image or a plain binary in a release folder. @param name the platform, or the file name of the binary */
export function sbomFile(name: string): string {
  return `sbom/${name.replace('/', '-')}.cdx.json`;
}

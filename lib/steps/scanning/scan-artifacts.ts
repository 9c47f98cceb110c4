import { judgeFindings, reportOn } from '../../gate';
import type { Scanned } from '../../release';
import { digestOf, instantOf } from '../../values';
import { checkConfiguration } from '../check-configuration';
import { scanWithTrivy } from '../clients/trivy';
import { type Artifact, targetsOf } from './artifacts';
import { atATime } from './at-a-time';
import { type ArtifactScan, scanArtifact } from './scan-artifact';
import { scanCalls } from './scan-calls';
import type { PreparedScan, ScanOutcome } from './scan-input';

/** A release can have many binaries, and a scanner uses several processors. */
const parallelScans = 2;

/** Lets every scanner look at the artifacts, the source and the configuration. */
export async function scanArtifacts(prepared: PreparedScan): Promise<ScanOutcome> {
  const { input, facts, configuration, artifacts, grype, trivy, policy, scratch } = prepared;
  const { reporter, databases, now } = input;
  const [scans, imageReports, callReports, configurationReports] = await Promise.all([
    atATime(parallelScans, artifacts, (artifact) => scanArtifact(artifact, { database: grype, scratch, reporter })),
    atATime(parallelScans, artifacts.filter(isImage), async (image) =>
      reportOn(image.name, await scanWithTrivy({ ...image, platform: image.name, database: trivy })),
    ),
    scanCalls({ ...input, facts, targets: targetsOf(artifacts) }),
    checkConfiguration(configuration),
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
    policy,
    now,
  );
  return {
    scannedAt: instantOf(now),
    verdict,
    sboms: sbomsOf(scans, 'image'),
    binarySboms: sbomsOf(scans, 'binary'),
    texts: new Map(scans.map(({ artifact, text }) => [artifact.name, text])),
  };
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

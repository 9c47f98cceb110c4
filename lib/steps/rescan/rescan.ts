import { join } from 'node:path';
import {
  checkSbom,
  findingsSince,
  inconclusiveReport,
  judgeRunning,
  reportOn,
  type ScannedArtifact,
  type ScanReport,
} from '../../gate';
import { withTemporaryFolder, writeFileAtomic } from '../../process';
import type { Finding, Verdict } from '../../release';
import { type Digest, type ImagePlatform, type ImageRepository, parseImageReference } from '../../values';
import {
  type CatalogFacts,
  causeOf,
  type EvidenceReaders,
  type PublicKey,
  type SignedSboms,
  verifyRunning,
} from '../../verify';
import { type GrypeDatabase, grypeDatabase, scanWithGrype } from '../clients/grype';
import { scanSbomWithTrivy, trivyDatabase } from '../clients/trivy';
import type { VulnerabilityDatabases } from '../clients/vulnerability-databases';
import type { Reporter } from '../reporter';
import { atATime } from '../scanning/at-a-time';
import type { RunningImage } from './running-releases';

/** What the evidence of a running image is verified and judged with. */
export interface RunningSubject {
  readonly signatures: ImageRepository;
  /** The public keys of the class, or why there are none. */
  readonly keys:
    | { readonly ok: true; readonly keys: readonly PublicKey[] }
    | { readonly ok: false; readonly code: string; readonly message: string };
  readonly catalog: CatalogFacts;
}

export interface RescanInput {
  readonly images: readonly RunningImage[];
  readonly subjectOf: (image: RunningImage) => RunningSubject;
  readonly databases: VulnerabilityDatabases;
  readonly now: Date;
  /** How many images are judged at a time. */
  readonly parallel: number;
  readonly reporter: Reporter;
  /** @default the registry through crane, and the signatures through cosign */
  readonly readers?: EvidenceReaders;
}

/** A running image in the light of today. */
export type RescannedImage = RunningImage &
  (
    | {
        readonly outcome: 'passed' | 'blocked' | 'inconclusive';
        readonly verdict: Verdict;
        /** When it was scanned before it was released. */
        readonly scannedAt: string;
        /** Findings that it was not released with. */
        readonly since: readonly Finding[];
      }
    /** Its evidence is missing, no good or cannot be read. */
    | {
        readonly outcome: 'not-verified' | 'inconclusive';
        readonly code: string;
        readonly message: string;
      }
  );

/**
 * Judges images that run again: by their signed SBOMs, with the databases and the policy of today, and without a build. An SBOM is looked up once,
 * whatever number of environments it runs in.
 * @returns in the order of the images
 * @throws ProgramError when a database cannot be downloaded
 */
export async function rescan(input: RescanInput): Promise<readonly RescannedImage[]> {
  const { images, databases, parallel, reporter } = input;
  if (images.length === 0) {
    return [];
  }
  const [grype, trivy] = await Promise.all([grypeDatabase(databases), trivyDatabase(databases)]);
  return withTemporaryFolder('rescan', async (scratch) => {
    const lookUp = lookUpOnce({ grype, trivy, scratch });
    let done = 0;
    return atATime(parallel, images, async (image) => {
      const rescanned = await rescanImage(image, input, lookUp);
      done += 1;
      reporter.progress(`${done} of ${images.length}: ${image.service}`);
      return rescanned;
    });
  });
}

type LookUp = (sbom: SignedSbom, image: Digest) => Promise<SbomReports>;
type SignedSbom = NonNullable<SignedSboms[ImagePlatform]>;

/** What today's databases say about an SBOM. */
interface SbomReports {
  readonly grype: ScanReport;
  readonly trivy: ScanReport;
}

async function rescanImage(
  image: RunningImage,
  { subjectOf, databases, now, readers }: RescanInput,
  lookUp: LookUp,
): Promise<RescannedImage> {
  const { signatures, keys, catalog } = subjectOf(image);
  if (!keys.ok) {
    return { ...image, outcome: 'inconclusive', code: keys.code, message: keys.message };
  }
  const reference = parseImageReference(image.image);
  // Whoever writes the ledger names the image: no other registry is asked.
  if (reference.repository !== catalog.imageRepository) {
    return {
      ...image,
      outcome: 'not-verified',
      code: 'other-repository',
      message: `the image is in ${reference.repository}, and the repository of the service is ${catalog.imageRepository}`,
    };
  }
  const { verification, sboms } = await verifyRunning({
    location: { ...reference, signatures },
    keys: keys.keys,
    expected: { service: image.service, class: image.class, catalog, databases: databases.origin },
    now,
    readers,
  });
  const { verdict: signed, outcome } = verification;
  if (outcome !== 'verified' || signed === undefined) {
    const cause = causeOf(verification);
    return {
      ...image,
      outcome: outcome === 'inconclusive' ? 'inconclusive' : 'not-verified',
      code: cause?.code ?? 'no-public-key',
      message: cause?.message ?? 'there is no public key to verify with',
    };
  }
  const { artifacts, reports } = await lookUpAll(sboms, signed.image.platforms, lookUp);
  const { findings } = signed.verdict;
  const verdict = judgeRunning({ artifacts, reports, databases: databases.origin }, findings, catalog.policy, now);
  return {
    ...image,
    outcome: verdict.outcome,
    verdict,
    scannedAt: signed.scannedAt,
    since: findingsSince(findings, verdict.findings),
  };
}

async function lookUpAll(
  sboms: SignedSboms,
  images: Readonly<Record<string, Digest>>,
  lookUp: LookUp,
): Promise<{ readonly artifacts: readonly ScannedArtifact[]; readonly reports: readonly ScanReport[] }> {
  const platforms = Object.entries(sboms).sort(([a], [b]) => (a < b ? -1 : 1));
  const reports = await Promise.all(
    platforms.map(async ([platform, sbom]) => {
      const { grype, trivy } = await lookUp(sbom, images[platform] as Digest);
      return [reportOn(platform, grype), reportOn(platform, trivy)];
    }),
  );
  return {
    artifacts: platforms.map(([platform]) => ({ name: platform, kind: 'image', target: platform })),
    reports: reports.flat(),
  };
}

interface LookUpInput {
  readonly grype: GrypeDatabase;
  readonly trivy: string;
  /** Folder for SBOMs. */
  readonly scratch: string;
}

/** Looks up each SBOM once. */
function lookUpOnce(input: LookUpInput): LookUp {
  const known = new Map<Digest, Promise<SbomReports>>();
  return (sbom, image) => {
    const reports = known.get(sbom.digest) ?? lookUpSbom(sbom, image, input);
    known.set(sbom.digest, reports);
    return reports;
  };
}

async function lookUpSbom(
  { digest, text }: SignedSbom,
  image: Digest,
  { grype, trivy, scratch }: LookUpInput,
): Promise<SbomReports> {
  const checked = checkSbom(text, image);
  if (!checked.ok) {
    const { code, message } = checked.problem;
    return { grype: inconclusiveReport('grype', code, message), trivy: inconclusiveReport('trivy', code, message) };
  }
  const file = join(scratch, `${digest.slice('sha256:'.length)}.cdx.json`);
  writeFileAtomic(file, text);
  const [byGrype, byTrivy] = await Promise.all([
    scanWithGrype(file, { kind: 'image', digest: image }, grype),
    scanSbomWithTrivy(file, checked.sbom, trivy),
  ]);
  return { grype: byGrype, trivy: byTrivy };
}

import { join } from 'node:path';
import type { Platform, Service } from '../catalog';
import { badInput, inconclusive, rejected } from '../errors';
import { vexDocument } from '../gate';
import { withTemporaryFolder, writeFileAtomic } from '../process';
import { imageProvenance, type PipelineRun, withoutInvocation } from '../provenance';
import type { Promoted, Scanned, Signed } from '../release';
import {
  canonicalJson,
  type Digest,
  digestOf,
  hexOf,
  type ImageReference,
  type ImageRepository,
  imageReference,
} from '../values';
import { type PredicateType, publicKeyDigest, type ReleaseIdentity, requireRecordedImage } from '../verify';
import {
  attestImage,
  publicKeyOf,
  signImage,
  verifiedPredicates,
  verifySignature,
  writeSigningConfig,
} from './clients/cosign';
import { copySubject } from './copy-subject';
import { signatureAnnotations, verdictPredicate } from './evidence';
import type { Reporter } from './reporter';
import { requireBinarySboms } from './scanning/require-binary-sboms';
import { requireSbom } from './scanning/require-sbom';

export interface SignInput {
  readonly platform: Platform;
  readonly service: Service;
  readonly release: Scanned | Signed | Promoted;
  /** What the record must say about its service. */
  readonly identity: ReleaseIdentity;
  /** The run of the pipeline, from its control plane. */
  readonly run: PipelineRun;
  /** SBOM text by platform, and by file name of plain binaries. */
  readonly sboms: Readonly<Record<string, string>>;
  /** Class of environments whose key signs. */
  readonly class: string;
  /** cosign key reference, such as `awskms:///alias/acme-production`. */
  readonly key: string;
  /** Where signatures and attestations are pushed, with a copy of the image that they are about. */
  readonly signatures: ImageRepository;
  readonly reporter: Reporter;
}

/** One signature or attestation that the sign step writes. */
interface EvidenceItem {
  /** For messages, such as `SBOM of linux/amd64`. */
  readonly label: string;
  /** Whether the registry has it and it verifies with the public key. */
  isWritten(): Promise<boolean>;
  write(signingConfig: string): Promise<void>;
}

/** What every evidence item needs. */
interface Signing {
  readonly input: SignInput;
  /** Public part of the signing key, PEM. */
  readonly publicKeyFile: string;
  readonly scratch: string;
}

/**
 * Signs the image by digest. Attests the SBOM of each platform, the verdict, the provenance, and the VEX document if there is one. Valid evidence that
 * exists already is not written again.
 * @throws BowlineError `input` (exit 3) on AWS without a commit, `verdict-not-passed`, `platform-mismatch`, `other-repository`, … (exit 2),
 *   `sbom-altered`, `evidence-not-written` (exit 1)
 */
export async function sign(input: SignInput): Promise<Signed> {
  const { release, reporter } = input;
  if (release.verdict.outcome !== 'passed') {
    throw rejected(
      'verdict-not-passed',
      `${release.service}: the verdict is ${release.verdict.outcome}; only a release that passed is signed`,
    );
  }
  if (input.run.builder.kind === 'codebuild' && input.identity.commit === undefined) {
    throw badInput(
      'input',
      'the provenance names the commit that the source action of the pipeline has read, not one that the build claims: set BOWLINE_COMMIT',
    );
  }
  await requireRecordedImage(release, input.identity);
  requireSboms(input);
  requireBinarySboms(release, input.sboms);
  return withTemporaryFolder('sign', async (scratch) => {
    const publicKeyFile = join(scratch, 'key.pub');
    const pem = await publicKeyOf(input.key);
    writeFileAtomic(publicKeyFile, pem);
    const written = await writeMissing({ input, publicKeyFile, scratch });
    reporter.note(
      written.length === 0
        ? `already signed by ${input.class}: nothing to do`
        : `signed by ${input.class}: ${written.map(({ label }) => label).join(', ')}`,
    );
    return {
      ...withoutPromotions(release),
      stage: 'signed',
      signatures: [
        ...signaturesOfOtherClasses(input),
        { class: input.class, publicKey: publicKeyDigest(pem), signatures: input.signatures },
      ],
    };
  });
}

function requireSboms({ release, sboms }: SignInput): void {
  for (const [platform, { digest: recorded }] of Object.entries(release.sboms)) {
    const subject = release.image.platforms[platform] as Digest;
    requireSbom({ name: platform, text: sboms[platform], recorded, subject, program: `/${release.service}` });
  }
}

function evidenceItems(signing: Signing): readonly EvidenceItem[] {
  const { release, sboms } = signing.input;
  const { repository, digest, platforms } = release.image;
  const image = imageReference(repository, digest);
  const vex = vexDocument(release);
  return [
    signatureItem(signing, image),
    ...Object.entries(platforms)
      .sort()
      .map(([platform, platformDigest]) =>
        attestationItem(signing, {
          label: `SBOM of ${platform}`,
          image: imageReference(repository, platformDigest),
          type: 'sbom',
          text: sboms[platform] as string,
        }),
      ),
    attestationItem(signing, {
      label: 'verdict',
      image,
      type: 'verdict',
      text: canonicalJson(verdictPredicate(release)),
    }),
    attestationItem(signing, {
      label: 'provenance',
      image,
      type: 'provenance',
      text: canonicalJson(imageProvenance(signing.input)),
      identify: withoutInvocation,
    }),
    ...(vex === undefined
      ? []
      : [attestationItem(signing, { label: 'VEX', image, type: 'vex', text: canonicalJson(vex) })]),
  ];
}

function signatureItem({ input, publicKeyFile }: Signing, image: ImageReference): EvidenceItem {
  const { signatures, key } = input;
  const annotations = signatureAnnotations(input.release.service, input.class);
  return {
    label: 'signature',
    isWritten: async () => (await verifySignature({ signatures, image, publicKey: publicKeyFile, annotations })).ok,
    write: (signingConfig) => signImage({ signatures, image, key, signingConfig, annotations }),
  };
}

interface Attestation {
  readonly label: string;
  readonly image: ImageReference;
  readonly type: PredicateType;
  /** The predicate, as canonical JSON. */
  readonly text: string;
  /** The part of the predicate that must be equal for the same evidence. @default all of it */
  readonly identify?: (predicate: unknown) => unknown;
}

function attestationItem({ input, publicKeyFile, scratch }: Signing, attestation: Attestation): EvidenceItem {
  const { signatures, key } = input;
  const { label, image, type, text, identify = (predicate) => predicate } = attestation;
  const identity = (predicate: unknown) => canonicalJson(identify(predicate));
  const wanted = identity(JSON.parse(text));
  return {
    label,
    isWritten: async () => {
      const predicates = await verifiedPredicates({ signatures, image, publicKey: publicKeyFile, type });
      return predicates.some((predicate) => identity(predicate) === wanted);
    },
    write: async (signingConfig) => {
      const predicateFile = join(scratch, `${hexOf(digestOf(text))}.json`);
      writeFileAtomic(predicateFile, text);
      await attestImage({ signatures, image, key, signingConfig, type, predicateFile });
    },
  };
}

/** Writes the items that the registry does not have yet. @returns those items */
async function writeMissing(signing: Signing): Promise<readonly EvidenceItem[]> {
  const items = evidenceItems(signing);
  const isWritten = await Promise.all(items.map((item) => item.isWritten()));
  const missing = items.filter((_, index) => !isWritten[index]);
  if (missing.length === 0) {
    return missing;
  }
  await copySubject(signing.input.release.image, signing.input.signatures);
  const signingConfig = join(signing.scratch, 'signing-config.json');
  await writeSigningConfig(signingConfig);
  // One after the other: a registry without the referrers API keeps all of them in one index, and of two writers at once one would be lost.
  for (const item of missing) {
    await item.write(signingConfig);
    if (!(await item.isWritten())) {
      throw inconclusive('evidence-not-written', `${item.label} was signed, but cannot be read back from the registry`);
    }
  }
  return missing;
}

function signaturesOfOtherClasses(input: SignInput): Signed['signatures'] {
  const { release } = input;
  return release.stage === 'scanned' ? [] : release.signatures.filter((other) => other.class !== input.class);
}

function withoutPromotions(release: Scanned | Signed | Promoted): Scanned {
  const {
    version,
    service,
    source,
    image,
    binaries,
    start,
    tests,
    scannedAt,
    tools,
    sboms,
    binarySboms,
    moduleFiles,
    verdict,
  } = release;
  const optional = { ...(start === undefined ? {} : { start }), ...(tests === undefined ? {} : { tests }) };
  const built = { version, service, source, image, binaries, ...optional };
  return { ...built, stage: 'scanned', scannedAt, tools, sboms, binarySboms, moduleFiles, verdict };
}

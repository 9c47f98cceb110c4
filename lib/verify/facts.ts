import type { Digest, ImagePlatform, ImageRepository } from '../values';
import { imageReference } from '../values';
import { runVerify, runVerifyAttestation } from './cosign';
import {
  type Annotations,
  type CosignAnswer,
  type CosignOutcome,
  type PredicateType,
  readPredicates,
  readSignatures,
} from './cosign-answers';
import { type KeyFile, withKeyFiles } from './key-files';
import type { PublicKey } from './public-keys';
import { type RegistryImage, readImage } from './read-image';
import { craneRegistry, type RegistryReader } from './registry';

/** The image to verify, and where its evidence is. */
export interface EvidenceLocation {
  readonly repository: ImageRepository;
  readonly digest: Digest;
  /** The repository of signatures and attestations. */
  readonly signatures: ImageRepository;
}

/** What one public key has signed about an image. */
export interface KeyFacts {
  /** Identifies the key. */
  readonly key: Digest;
  /** The annotations of each signature of the image. */
  readonly signatures: CosignAnswer<Annotations>;
  readonly verdicts: CosignAnswer<unknown>;
  readonly provenances: CosignAnswer<unknown>;
  /** By the platforms of the image in the registry. */
  readonly sboms: Readonly<Partial<Record<ImagePlatform, CosignAnswer<unknown>>>>;
}

/** Everything that a verification is based on: answers of the registry and of cosign, nothing that a record claims. */
export interface Facts {
  readonly image: RegistryImage;
  /** By public key, in the order of the file. Evidence by different keys is never combined. */
  readonly keys: readonly KeyFacts[];
}

/** Asks cosign about an image. */
export interface SignatureReader {
  /** @param publicKey PEM file */
  signatures(location: EvidenceLocation, image: Digest, publicKey: string): Promise<CosignOutcome>;
  attestations(
    location: EvidenceLocation,
    image: Digest,
    publicKey: string,
    type: PredicateType,
  ): Promise<CosignOutcome>;
}

export interface EvidenceReaders {
  readonly registry: RegistryReader;
  readonly cosign: SignatureReader;
}

/** The registry through crane, and the signatures through cosign. */
export const defaultReaders: EvidenceReaders = {
  registry: craneRegistry,
  cosign: {
    signatures: ({ repository, signatures }, image, publicKey) =>
      runVerify({ signatures, image: imageReference(repository, image) }, publicKey),
    attestations: ({ repository, signatures }, image, publicKey, type) =>
      runVerifyAttestation({ signatures, image: imageReference(repository, image) }, publicKey, type),
  },
};

/** Reads the facts about an image. It throws nothing for a registry without an answer: that is a fact. */
export async function readFacts(
  readers: EvidenceReaders,
  location: EvidenceLocation,
  keys: readonly PublicKey[],
): Promise<Facts> {
  const image = await readImage(readers.registry, location.repository, location.digest);
  const platforms = image.kind === 'image' ? image.platforms : {};
  return withKeyFiles(keys, async (files) => ({
    image,
    keys: await Promise.all(files.map((file) => readKeyFacts(readers.cosign, location, file, platforms))),
  }));
}

async function readKeyFacts(
  cosign: SignatureReader,
  location: EvidenceLocation,
  { key, file }: KeyFile,
  platforms: Readonly<Partial<Record<ImagePlatform, Digest>>>,
): Promise<KeyFacts> {
  const [signatures, verdicts, provenances, ...sboms] = await Promise.all([
    cosign.signatures(location, location.digest, file),
    cosign.attestations(location, location.digest, file, 'verdict'),
    cosign.attestations(location, location.digest, file, 'provenance'),
    ...Object.entries(platforms).map(
      async ([platform, digest]) =>
        [
          platform,
          readPredicates(await cosign.attestations(location, digest as Digest, file, 'sbom'), digest as Digest, 'sbom'),
        ] as const,
    ),
  ]);
  return {
    key: key.digest,
    signatures: readSignatures(signatures, location.digest),
    verdicts: readPredicates(verdicts, location.digest, 'verdict'),
    provenances: readPredicates(provenances, location.digest, 'provenance'),
    sboms: Object.fromEntries(sboms),
  };
}

import { z } from 'zod';
import { digestOf, hexOf } from '../values';
import type { Built } from './record';

/** Keys in the object store of binaries. */
export interface BinaryKeys {
  /** `<service>/<sha256 of the checksums>/`, so that equal binaries have equal keys. */
  readonly prefix: string;
  readonly checksums: string;
  readonly signature: (environmentClass: string) => string;
  /** The provenance of a binary. One for each commit that gives this binary. @param commit of the source */
  readonly provenance: (environmentClass: string, commit: string, name: string) => string;
  /** The published event. Written last. */
  readonly announcement: (environmentClass: string) => string;
  readonly file: (name: string) => string;
}

/** The signed text, in the format of `sha256sum --check`. */
export function checksumsOf(binaries: Built['binaries']): string {
  return [...binaries]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ digest, file }) => `${hexOf(digest)}  ${file}\n`)
    .join('');
}

export function binaryKeys({ service, binaries }: Pick<Built, 'service' | 'binaries'>): BinaryKeys {
  const prefix = `${service}/${hexOf(digestOf(checksumsOf(binaries)))}/`;
  return {
    prefix,
    checksums: `${prefix}SHA256SUMS`,
    signature: (environmentClass) => `${prefix}signatures/${environmentClass}.sigstore.json`,
    provenance: (environmentClass, commit, name) =>
      `${prefix}signatures/${environmentClass}/${commit}/${name}.provenance.sigstore.json`,
    announcement: (environmentClass) => `${prefix}signatures/${environmentClass}.announced.json`,
    file: (name) => `${prefix}${name}`,
  };
}

/** The EventBridge and SNS event about signed binaries: docs/how-to/binaries.md. */
export const binariesEventSource = 'bowline';
export const binariesEventType = 'Bowline Binaries Signed';
export const binariesEventSchema = z.strictObject({
  version: z.literal(1),
  platform: z.string(),
  service: z.string(),
  /** The environment class of the signing key. */
  class: z.string(),
  source: z.strictObject({ repository: z.string(), commit: z.string() }),
  bucket: z.string(),
  prefix: z.string(),
  checksums: z.strictObject({ key: z.string(), sha256: z.string() }),
  signature: z.string(),
  files: z
    .array(z.strictObject({ platform: z.string(), key: z.string(), sha256: z.string(), provenance: z.string() }))
    .min(1),
});
export type BinariesEvent = z.output<typeof binariesEventSchema>;

export interface SignedBinaries {
  /** The name of the platform. */
  readonly platform: string;
  readonly bucket: string;
  readonly environmentClass: string;
  readonly release: Pick<Built, 'service' | 'source' | 'binaries'>;
}

export function binariesEvent({ platform, bucket, environmentClass, release }: SignedBinaries): BinariesEvent {
  const { service, source, binaries } = release;
  const keys = binaryKeys({ service, binaries });
  return {
    version: 1,
    platform,
    service,
    class: environmentClass,
    source: { repository: source.repository, commit: source.commit },
    bucket,
    prefix: keys.prefix,
    checksums: { key: keys.checksums, sha256: hexOf(digestOf(checksumsOf(binaries))) },
    signature: keys.signature(environmentClass),
    files: binaries.map(({ platform: target, file, digest }) => ({
      platform: target,
      key: keys.file(file),
      sha256: hexOf(digest),
      provenance: keys.provenance(environmentClass, source.commit, file),
    })),
  };
}

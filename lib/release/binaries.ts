import { z } from 'zod';
import { type Digest, digestOf } from '../values';
import type { Built } from './record';

/** Names in the object store of binaries. */
export interface BinaryKeys {
  /** `<service>/<sha256 of the checksums>/`: equal binaries lie at an equal place. */
  readonly prefix: string;
  readonly checksums: string;
  readonly signature: (environmentClass: string) => string;
  /** What was told to the world: written last. */
  readonly announcement: (environmentClass: string) => string;
  readonly file: (name: string) => string;
}

/** The text that is signed: what `sha256sum --check` reads. */
export function checksumsOf(binaries: Built['binaries']): string {
  return [...binaries]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ digest, file }) => `${digest.slice('sha256:'.length)}  ${file}\n`)
    .join('');
}

export function binaryKeys({ service, binaries }: Pick<Built, 'service' | 'binaries'>): BinaryKeys {
  const prefix = `${service}/${digestOf(checksumsOf(binaries)).slice('sha256:'.length)}/`;
  return {
    prefix,
    checksums: `${prefix}SHA256SUMS`,
    signature: (environmentClass) => `${prefix}signatures/${environmentClass}.sigstore.json`,
    announcement: (environmentClass) => `${prefix}signatures/${environmentClass}.announced.json`,
    file: (name) => `${prefix}${name}`,
  };
}

/** What EventBridge and SNS say of binaries: docs/how-to/binaries.md. */
export const binariesEventSource = 'bowline';
export const binariesEventType = 'Bowline Binaries Signed';
export const binariesEventSchema = z.strictObject({
  version: z.literal(1),
  platform: z.string(),
  service: z.string(),
  /** Class of environments whose key signed. */
  class: z.string(),
  source: z.strictObject({ repository: z.string(), commit: z.string() }),
  bucket: z.string(),
  prefix: z.string(),
  checksums: z.strictObject({ key: z.string(), sha256: z.string() }),
  signature: z.string(),
  files: z.array(z.strictObject({ platform: z.string(), key: z.string(), sha256: z.string() })).min(1),
});
export type BinariesEvent = z.output<typeof binariesEventSchema>;

/** @param platform name of the platform */
export function binariesEvent(
  platform: string,
  bucket: string,
  environmentClass: string,
  { service, source, binaries }: Pick<Built, 'service' | 'source' | 'binaries'>,
): BinariesEvent {
  const keys = binaryKeys({ service, binaries });
  const hex = (digest: Digest) => digest.slice('sha256:'.length);
  return {
    version: 1,
    platform,
    service,
    class: environmentClass,
    source,
    bucket,
    prefix: keys.prefix,
    checksums: { key: keys.checksums, sha256: hex(digestOf(checksumsOf(binaries))) },
    signature: keys.signature(environmentClass),
    files: binaries.map(({ platform: target, file, digest }) => ({
      platform: target,
      key: keys.file(file),
      sha256: hex(digest),
    })),
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AwsApi, awsCall } from '../aws';
import { inconclusive } from '../errors';
import { withTemporaryFolder, writeFileAtomic } from '../process';
import type { Provenance } from '../provenance';
import {
  type BinariesEvent,
  type BinaryKeys,
  type Built,
  binariesEvent,
  binariesEventSource,
  binariesEventType,
  binaryKeys,
  checksumsOf,
  type Scanned,
} from '../release';
import { canonicalJson, digestOf } from '../values';
import { attestBinaries } from './binary-provenance';
import { publicKeyOf, signBlob, verifyBlob, writeSigningConfig } from './clients/cosign';
import { alteredObject, type ObjectStore } from './clients/object-store';
import type { Reporter } from './reporter';
import { requireBinarySboms } from './scanning/require-binary-sboms';

type ReleaseWithBinaries = Pick<Built, 'service' | 'source' | 'binaries'>;

export interface UploadBinariesInput {
  readonly store: ObjectStore;
  readonly release: ReleaseWithBinaries;
  /** Where the build step wrote the binaries. */
  readonly directory: string;
  readonly reporter: Reporter;
}

/**
 * Uploads the binaries of a build and their checksums. An object that exists already must have the same content.
 * @throws BowlineError `binary-altered` (exit 1)
 */
export async function uploadBinaries({ store, release, directory, reporter }: UploadBinariesInput): Promise<void> {
  const keys = binaryKeys(release);
  for (const { file, digest } of release.binaries) {
    const content = readFileSync(join(directory, file));
    if (digestOf(content) !== digest) {
      throw inconclusive('binary-altered', `${file} is not the binary that the release record names (${digest})`);
    }
    await putOrCompare(store, keys.file(file), content);
  }
  await putOrCompare(store, keys.checksums, Buffer.from(checksumsOf(release.binaries)));
  reporter.note(
    `binaries s3://${store.bucket}/${keys.prefix} (${release.binaries.map(({ platform }) => platform).join(', ')})`,
  );
}

export interface SignBinariesInput {
  readonly store: ObjectStore;
  readonly release: ReleaseWithBinaries & Pick<Scanned, 'binarySboms'>;
  /** SBOM text by file name. */
  readonly sboms: Readonly<Record<string, string>>;
  /** Name of the platform. */
  readonly platform: string;
  readonly class: string;
  /** cosign key reference. */
  readonly key: string;
  /** The provenance of the binary of a platform. */
  readonly provenance: (platform: string) => Provenance;
  /** Announces the binaries. It may be called again when an earlier run stopped before it recorded the announcement. */
  readonly announce: (event: BinariesEvent) => Promise<void>;
  readonly reporter: Reporter;
}

/**
 * Signs the checksums of a release's binaries, attests the provenance of each, and announces them. Valid evidence is not written
 * again, and announced binaries are not announced again. A binary that scan did not examine is not signed.
 * @throws BowlineError `binary-not-scanned` (exit 2), `binary-missing`, `binary-altered`, `sbom-altered` (exit 1)
 */
export async function signBinaries(input: SignBinariesInput): Promise<void> {
  const { store, release, reporter } = input;
  requireBinarySboms(release, input.sboms);
  const keys = binaryKeys(release);
  const checksums = checksumsOf(release.binaries);
  const stored = await store.get(keys.checksums);
  if (stored === undefined) {
    throw inconclusive(
      'binary-missing',
      `${keys.checksums} is not in ${store.bucket}: the build step has not uploaded the binaries`,
    );
  }
  if (Buffer.from(stored).toString() !== checksums) {
    throw alteredObject(store, keys.checksums);
  }
  await signChecksums(input, keys, checksums);
  await attestBinaries(input);
  if ((await store.get(keys.announcement(input.class))) !== undefined) {
    reporter.note(`binaries: already signed by ${input.class} and announced: nothing to do`);
    return;
  }
  const event = binariesEvent({
    platform: input.platform,
    bucket: store.bucket,
    environmentClass: input.class,
    release,
  });
  await input.announce(event);
  await store.putNew(keys.announcement(input.class), Buffer.from(canonicalJson(event)));
  reporter.note(`binaries: signed by ${input.class} and announced (${binariesEventType})`);
}

/** Puts an event on the account's event bus. @throws BowlineError `not-announced` (exit 1) */
export async function announceBinaries(aws: AwsApi, event: BinariesEvent): Promise<void> {
  const answer = (await awsCall(aws, {
    service: 'events',
    target: 'AWSEvents.PutEvents',
    input: {
      Entries: [
        { Source: binariesEventSource, DetailType: binariesEventType, Detail: JSON.stringify(event), Resources: [] },
      ],
    },
  })) as { readonly FailedEntryCount?: number; readonly Entries?: readonly { readonly ErrorMessage?: string }[] };
  if (answer.FailedEntryCount !== 0) {
    throw inconclusive(
      'not-announced',
      `EventBridge did not accept the event: ${answer.Entries?.[0]?.ErrorMessage ?? 'no reason given'}`,
    );
  }
}

/** Signs the checksums unless a signature exists, and verifies the signature in the store. */
async function signChecksums(input: SignBinariesInput, keys: BinaryKeys, checksums: string): Promise<void> {
  const { store, key } = input;
  const signatureKey = keys.signature(input.class);
  await withTemporaryFolder('binaries', async (scratch) => {
    const file = join(scratch, 'SHA256SUMS');
    const bundle = join(scratch, 'bundle.json');
    const publicKey = join(scratch, 'key.pub');
    writeFileAtomic(file, checksums);
    writeFileAtomic(publicKey, await publicKeyOf(key));
    let signature = await store.get(signatureKey);
    if (signature === undefined) {
      const signingConfig = join(scratch, 'signing-config.json');
      await writeSigningConfig(signingConfig);
      await signBlob({ file, key, signingConfig, bundle });
      await store.putNew(signatureKey, readFileSync(bundle));
      signature = await store.get(signatureKey);
    }
    writeFileAtomic(bundle, signature ?? '');
    if (!(await verifyBlob(file, publicKey, bundle))) {
      throw alteredObject(store, signatureKey);
    }
  });
}

async function putOrCompare(store: ObjectStore, key: string, content: Uint8Array): Promise<void> {
  if (await store.putNew(key, content)) {
    return;
  }
  const stored = await store.get(key);
  if (stored === undefined || digestOf(stored) !== digestOf(content)) {
    throw alteredObject(store, key);
  }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AwsApi, awsCall } from '../aws';
import { inconclusive } from '../errors';
import {
  type BinariesEvent,
  type Built,
  binariesEvent,
  binariesEventSource,
  binariesEventType,
  binaryKeys,
  checksumsOf,
} from '../release';
import { canonicalJson, digestOf } from '../values';
import { publicKeyOf, signBlob, verifyBlob, writeSigningConfig } from './clients/cosign';
import type { ObjectStore } from './clients/object-store';
import { writeWhole } from './release-folder';
import type { Reporter } from './reporter';

type Binaries = Pick<Built, 'service' | 'source' | 'binaries'>;

/**
 * Brings the binaries of a build and their checksums into the store, each once. What lies there already has to be the same.
 * @param directory where the build has put them
 * @throws BowlineError `binary-altered`, exit 1
 */
export async function uploadBinaries(
  store: ObjectStore,
  release: Binaries,
  directory: string,
  reporter: Reporter,
): Promise<void> {
  const keys = binaryKeys(release);
  for (const { file, digest } of release.binaries) {
    await putSame(store, keys.file(file), readFileSync(join(directory, file)), digest);
  }
  const sums = checksumsOf(release.binaries);
  await putSame(store, keys.checksums, Buffer.from(sums), digestOf(sums));
  reporter.note(
    `binaries s3://${store.bucket}/${keys.prefix} (${release.binaries.map(({ platform }) => platform).join(', ')})`,
  );
}

export interface BinariesSigning {
  readonly store: ObjectStore;
  readonly release: Binaries;
  /** Name of the platform. */
  readonly platform: string;
  readonly class: string;
  /** cosign key reference. */
  readonly key: string;
  /** Tells the world. Told again where it is not known whether it was heard. */
  readonly announce: (event: BinariesEvent) => Promise<void>;
  readonly reporter: Reporter;
}

/**
 * Signs the checksums of a release's binaries, as the record has them, and tells of it once they lie there.
 * A signature that verifies is left alone, and what was told is not told again.
 * @throws BowlineError `binary-missing`, `binary-altered`, exit 1
 */
export async function signBinaries(input: BinariesSigning): Promise<void> {
  const { store, release, reporter } = input;
  const keys = binaryKeys(release);
  const sums = checksumsOf(release.binaries);
  const there = await store.get(keys.checksums);
  if (there === undefined) {
    throw inconclusive(
      'binary-missing',
      `${keys.checksums} is not in ${store.bucket}: the build has not uploaded its binaries`,
    );
  }
  if (Buffer.from(there).toString() !== sums) {
    throw altered(keys.checksums, store);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-binaries-'));
  try {
    const [file, bundle, publicKey] = ['SHA256SUMS', 'bundle.json', 'key.pub'].map((name) => join(scratch, name)) as [
      string,
      string,
      string,
    ];
    writeWhole(file, sums);
    writeWhole(publicKey, await publicKeyOf(input.key));
    const signed = await store.get(keys.signature(input.class));
    if (signed === undefined) {
      const config = join(scratch, 'signing-config.json');
      await writeSigningConfig(config);
      await signBlob(file, input.key, config, bundle);
      await store.putNew(keys.signature(input.class), readFileSync(bundle));
      writeWhole(bundle, (await store.get(keys.signature(input.class))) ?? '');
    } else {
      writeWhole(bundle, signed);
    }
    if (!(await verifyBlob(file, publicKey, bundle))) {
      throw altered(keys.signature(input.class), store);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if ((await store.get(keys.announcement(input.class))) !== undefined) {
    reporter.note(`binaries: already signed by ${input.class} and told: nothing to do`);
    return;
  }
  const event = binariesEvent(input.platform, store.bucket, input.class, release);
  await input.announce(event);
  await store.putNew(keys.announcement(input.class), Buffer.from(canonicalJson(event)));
  reporter.note(`binaries: signed by ${input.class}, and told (${binariesEventType})`);
}

/** Puts an event on the account's own bus. @throws BowlineError `not-announced`, exit 1 */
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
      `EventBridge did not take the event: ${answer.Entries?.[0]?.ErrorMessage ?? 'it said nothing'}`,
    );
  }
}

async function putSame(store: ObjectStore, key: string, content: Uint8Array, digest: string): Promise<void> {
  if (digestOf(content) !== digest) {
    throw inconclusive('binary-altered', `${key} is not what the record says of it`);
  }
  if (await store.putNew(key, content)) {
    return;
  }
  const there = await store.get(key);
  if (there === undefined || digestOf(there) !== digest) {
    throw altered(key, store);
  }
}

function altered(key: string, { bucket }: ObjectStore) {
  return inconclusive(
    'binary-altered',
    `s3://${bucket}/${key} is not what this release has there: somebody else wrote it. Look at its versions; nothing was overwritten`,
  );
}

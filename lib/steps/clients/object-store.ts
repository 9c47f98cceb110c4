import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsApi, quietSdk } from '../../aws';
import { inconclusive } from '../../errors';

/** A store whose objects are written once. */
export interface ObjectStore {
  readonly bucket: string;
  /** Writes an object unless the key exists. @returns whether it was written */
  putNew(key: string, content: Uint8Array): Promise<boolean>;
  /** @returns undefined when there is no such object */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** The error for an object whose content is not that of this release. */
export function alteredObject({ bucket }: ObjectStore, key: string) {
  return inconclusive(
    'binary-altered',
    `s3://${bucket}/${key} is not the object of this release: someone else wrote it. Look at its versions; nothing was overwritten`,
  );
}

const attempts = 5;

/**
 * A bucket of S3 or of a local S3. A missing bucket is an error.
 *
 * S3 answers 409 to a conditional write that conflicts with another write of the same key. The answer does not say whether the object exists,
 * so the write is tried again (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 * @param firstWaitSeconds before the second attempt; doubled for each further one
 */
export function objectStore(
  { region, endpoint, credentials }: AwsApi,
  bucket: string,
  firstWaitSeconds = 0.5,
): ObjectStore {
  quietSdk();
  const client = new S3Client({ region, credentials, ...(endpoint ? { endpoint, forcePathStyle: true } : {}) });
  return {
    bucket,
    putNew: async (key, content) => {
      for (let attempt = 1; ; attempt++) {
        try {
          await client.send(
            new PutObjectCommand({
              Bucket: bucket,
              Key: key,
              Body: content,
              IfNoneMatch: '*',
              ChecksumAlgorithm: 'SHA256',
            }),
          );
          return true;
        } catch (error) {
          if (nameOf(error) === 'PreconditionFailed') {
            return false;
          }
          if (nameOf(error) !== 'ConditionalRequestConflict') {
            throw error;
          }
          if (attempt === attempts) {
            throw inconclusive(
              'write-contended',
              `other writers wrote s3://${bucket}/${key} at the same time in each of ${attempts} attempts: run this step again`,
            );
          }
          await sleep(firstWaitSeconds * 1000 * 2 ** (attempt - 1));
        }
      }
    },
    get: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body?.transformToByteArray();
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey') {
          return undefined;
        }
        throw error;
      }
    },
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

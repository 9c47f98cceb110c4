import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsApi, quietSdk } from '../../aws';
import { inconclusive } from '../../errors';

/** Objects that are written once. */
export interface ObjectStore {
  readonly bucket: string;
  /** Writes an object unless there is one of that key. @returns whether it was written */
  putNew(key: string, content: Uint8Array): Promise<boolean>;
  /** Undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** How often a write is tried that another one crossed. */
const attempts = 5;

/**
 * A bucket of S3, or of what stands in its place. Who made it is not asked here: a bucket that is missing is an error, not an empty one.
 *
 * A write that meets another of the same key is answered 409, which says nothing of what lies there: it is to be tried again
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
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
              `s3://${bucket}/${key} was written by others at the same time, ${attempts} times: run this again`,
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

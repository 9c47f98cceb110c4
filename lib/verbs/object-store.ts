import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type AwsApi, quietSdk } from '../aws';

/** Objects that are written once. */
export interface ObjectStore {
  readonly bucket: string;
  /** Writes an object unless there is one of that key. @returns whether it was written */
  putNew(key: string, content: Uint8Array): Promise<boolean>;
  /** Undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
}

/** A bucket of S3, or of what stands in its place. */
export function objectStore({ region, endpoint, credentials }: AwsApi, bucket: string): ObjectStore {
  quietSdk();
  const client = new S3Client({ region, credentials, ...(endpoint ? { endpoint, forcePathStyle: true } : {}) });
  const putNew = async (key: string, content: Uint8Array): Promise<boolean> => {
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
      if (nameOf(error) === 'PreconditionFailed' || nameOf(error) === 'ConditionalRequestConflict') {
        return false;
      }
      if (nameOf(error) !== 'NoSuchBucket' || endpoint === undefined) {
        throw error;
      }
    }
    // What stands in for AWS in the local run has nothing that CloudFormation made.
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
      }),
    );
    return putNew(key, content);
  };
  return {
    bucket,
    putNew,
    get: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body?.transformToByteArray();
      } catch (error) {
        if (nameOf(error) === 'NoSuchKey' || nameOf(error) === 'NoSuchBucket') {
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

import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  HeadBucketCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { quietSdk } from '../../aws';

/** Credentials that a local AWS accepts, and no other AWS. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** An S3 client of a local AWS. */
export function localS3({ endpoint, region }: { readonly endpoint: string; readonly region: string }): S3Client {
  quietSdk();
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials: localCredentials });
}

/**
 * Creates a bucket in the local S3 unless it exists. On AWS, CloudFormation creates it.
 * @throws Error when S3 answers neither that the bucket exists nor that it does not
 */
export async function ensureBucket(client: S3Client, region: string, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    await createBucket(client, region, bucket);
  }
}

/** The answer to a HEAD request has no body with an error code, only a status. */
function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

async function createBucket(client: S3Client, region: string, bucket: string): Promise<void> {
  const place = { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
  } catch (error) {
    // Another run may have created it in the meantime.
    if (!(error instanceof BucketAlreadyOwnedByYou)) {
      throw error;
    }
  }
}

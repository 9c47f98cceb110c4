import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  HeadBucketCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/**
 * Makes sure that a local S3 has a bucket, which CloudFormation makes on AWS; one that is there stays.
 * @throws Error when the S3 says anything but that there is none
 */
export async function ensureBucket(client: S3Client, region: string, bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    await create(client, region, bucket);
  }
}

/** A HEAD has no body that could name the error: its status alone tells. */
function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

async function create(client: S3Client, region: string, bucket: string): Promise<void> {
  const place = { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...place }));
  } catch (error) {
    // Another run may have been quicker.
    if (!(error instanceof BucketAlreadyOwnedByYou)) {
      throw error;
    }
  }
}

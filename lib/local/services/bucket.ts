import { BucketAlreadyOwnedByYou, CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { quietSdk } from '../../aws';

/** Makes sure that the local S3 has a bucket, which CloudFormation makes on AWS; one that is there stays. */
export async function ensureBucket(
  { endpoint, region }: { readonly endpoint: string; readonly region: string },
  bucket: string,
): Promise<void> {
  quietSdk();
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch {
    await client
      .send(
        new CreateBucketCommand({
          Bucket: bucket,
          CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
        }),
      )
      .catch((error: unknown) => {
        // Another run may have been quicker.
        if (!(error instanceof BucketAlreadyOwnedByYou)) {
          throw error;
        }
      });
  } finally {
    client.destroy();
  }
}

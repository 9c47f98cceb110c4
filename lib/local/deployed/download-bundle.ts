import { GetObjectCommand } from '@aws-sdk/client-s3';
import { localS3 } from '../services/local-s3';
import type { AwsEndpoint, DeployedPipeline } from './read-deployed-pipeline';

/**
 * Downloads the bundle of a deployed pipeline from the bucket of its source action: a zip file.
 * @throws Error when the pipeline does not have the action, or the bucket does not have the object
 */
export async function downloadBundle(
  aws: AwsEndpoint,
  pipeline: DeployedPipeline,
  action: string,
): Promise<Uint8Array> {
  const source = pipeline.actions.find(({ name, provider }) => name === action && provider === 'S3');
  const { S3Bucket, S3ObjectKey } = source?.configuration ?? {};
  if (S3Bucket === undefined || S3ObjectKey === undefined) {
    throw new Error(`the pipeline ${pipeline.name} has no source action ${action} from S3`);
  }
  const client = localS3(aws);
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: String(S3Bucket), Key: String(S3ObjectKey) }));
    if (Body !== undefined) {
      return await Body.transformToByteArray();
    }
  } catch (error) {
    throw new Error(`the bundle s3://${S3Bucket}/${S3ObjectKey} cannot be read: ${(error as Error).message}`);
  }
  throw new Error(`the bundle s3://${S3Bucket}/${S3ObjectKey} is empty`);
}

import { S3Client } from '@aws-sdk/client-s3';
import type { AwsApi } from '../aws';

/** AWS with the credentials and the region of a job. AWS_ENDPOINT_URL may name another endpoint. */
export function jobAws(region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1'): AwsApi {
  // The client's only use is the SDK's default credential chain.
  const { credentials } = new S3Client({ region }).config;
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return { region, credentials: () => credentials(), ...(endpoint ? { endpoint } : {}) };
}

import { S3Client } from '@aws-sdk/client-s3';
import type { AwsApi } from '../aws';

/** AWS as a job has it: its role, its region, and the endpoint that the environment may name in place of AWS. */
export function jobAws(region = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1'): AwsApi {
  // The SDK knows all the places that credentials come from; nothing else of this client is used.
  const { credentials } = new S3Client({ region }).config;
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return { region, credentials: () => credentials(), ...(endpoint ? { endpoint } : {}) };
}

import { S3Client } from '@aws-sdk/client-s3';
import { quietSdk } from '../../aws';

/** Credentials that a local AWS takes, and no other. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** A client of the S3 of a local AWS. */
export function localS3({ endpoint, region }: { readonly endpoint: string; readonly region: string }): S3Client {
  quietSdk();
  return new S3Client({ endpoint, region, forcePathStyle: true, credentials: localCredentials });
}

import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ensureBucket, localS3 } from '../../services/local-s3';
import { unzip } from './unzip';
import { zipFolder } from './zip-folder';

/** The artifacts of a pipeline: zip files in a bucket, as in CodePipeline. */
export interface ArtifactStore {
  putZip(name: string, zip: Uint8Array): Promise<void>;
  /** Zips a folder. */
  putFolder(name: string, directory: string): Promise<void>;
  /** Unzips an artifact into a folder. @throws Error when the artifact does not exist */
  getFolder(name: string, directory: string): Promise<void>;
}

/** Opens the artifact store of one execution in the local S3, and creates the bucket unless it exists. */
export async function openArtifactStore({
  endpoint,
  region,
  bucket,
  execution,
}: {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Prefix of the keys. */
  readonly execution: string;
}): Promise<ArtifactStore> {
  const client = localS3({ endpoint, region });
  await ensureBucket(client, region, bucket);
  const key = (name: string) => `${execution}/${name}.zip`;
  const putZip = async (name: string, zip: Uint8Array) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key(name), Body: zip }));
  };
  return {
    putZip,
    putFolder: (name, directory) => putZip(name, zipFolder(directory)),
    getFolder: async (name, directory) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key(name) }));
      if (!Body) {
        throw new Error(`the artifact ${name} is empty`);
      }
      unzip(await Body.transformToByteArray(), directory);
    },
  };
}

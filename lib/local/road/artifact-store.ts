import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { quietSdk } from '../../aws';
import { zipOfFolder } from './zip';

/** Artifacts between actions: zip files in a bucket, as CodePipeline keeps them. */
export interface ArtifactStore {
  putZip(name: string, zip: Uint8Array): Promise<void>;
  /** Packs a folder. */
  putFolder(name: string, directory: string): Promise<void>;
  /** Unpacks an artifact. @throws Error when there is none of that name */
  getFolder(name: string, directory: string): Promise<void>;
}

/** The artifacts of one execution, in the local S3. */
export async function openArtifactStore(
  endpoint: string,
  region: string,
  bucket: string,
  execution: string,
): Promise<ArtifactStore> {
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
    await client.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
      }),
    );
  }
  const key = (name: string) => `${execution}/${name}.zip`;
  const putZip = async (name: string, zip: Uint8Array) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key(name), Body: zip }));
  };
  return {
    putZip,
    putFolder: (name, directory) => putZip(name, zipOfFolder(directory)),
    getFolder: async (name, directory) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key(name) }));
      if (!Body) {
        throw new Error(`the artifact ${name} is empty`);
      }
      unpack(await Body.transformToByteArray(), directory);
    },
  };
}

/** Unpacks a zip into a folder. @throws Error when it holds a path outside of itself */
export function unpack(zip: Uint8Array, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = normalize(name);
    if (path.startsWith('..') || path.startsWith('/')) {
      throw new Error(`an artifact holds a path outside of itself: ${name}`);
    }
    if (name.endsWith('/')) {
      mkdirSync(join(directory, path), { recursive: true });
    } else {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), content);
    }
  }
}

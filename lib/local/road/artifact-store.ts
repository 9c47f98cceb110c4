import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import { quietSdk } from '../../aws';
import { zipOfFolder } from './zip';
import { modesIn, unixModes } from './zip-modes';

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
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
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

/** A bucket that is not there, told from one that can't be asked. */
function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

/**
 * Unpacks a zip into a folder, with the symbolic links that a source has, and what may be run.
 * @throws Error when it holds a path outside of itself
 */
export function unpack(zip: Uint8Array, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const modes = modesIn(zip);
  const links: (readonly [path: string, target: string])[] = [];
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(directory, normalize(name));
    if (normalize(name).startsWith('..') || name.startsWith('/')) {
      throw new Error(`an artifact holds a path outside of itself: ${name}`);
    }
    const mode = modes.get(name) ?? 0;
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if ((mode & unixModes.kind) === unixModes.link) {
      links.push([path, Buffer.from(content).toString('utf8')]);
    } else if (!name.endsWith('/')) {
      writeFileSync(path, content, { mode: mode & unixModes.runnable ? 0o755 : 0o644 });
    }
  }
  // Last of all: nothing is ever written through a link.
  for (const [path, target] of links) {
    symlinkSync(target, path);
  }
}

import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';

/** An image that contains one static program. */
export interface ProgramImage {
  /** containerd names the imported image by it. */
  readonly reference: string;
  readonly program: string;
  readonly user: string;
}

/** The JSON documents of an image (https://github.com/opencontainers/image-spec). */
export interface ImageDocuments {
  readonly configuration: Buffer;
  readonly manifest: Buffer;
  readonly index: Buffer;
}

export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Renders configuration, manifest and index for a layer. */
export function imageDocuments(image: ProgramImage, layer: Buffer, architecture: string): ImageDocuments {
  const configuration = toDocument({
    architecture,
    os: 'linux',
    config: {
      Entrypoint: ['/program'],
      User: image.user,
      Env: ['PATH=/'],
    },
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  });
  const manifest = toDocument({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', configuration),
    layers: [descriptor('application/vnd.oci.image.layer.v1.tar', layer)],
  });
  const index = toDocument({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
        platform: { architecture, os: 'linux' },
        annotations: {
          'io.containerd.image.name': image.reference,
          'org.opencontainers.image.ref.name': image.reference.slice(image.reference.lastIndexOf(':') + 1),
        },
      },
    ],
  });
  return { configuration, manifest, index };
}

/** Writes an image as an OCI layout, which crane can push and containerd can import as an archive. Equal programs give equal digests. */
export async function writeImage(image: ProgramImage, directory: string): Promise<{ readonly digest: string }> {
  rmSync(directory, { recursive: true, force: true });
  const content = join(directory, 'content');
  mkdirSync(join(content, 'tmp'), { recursive: true });
  // A tool can be a symbolic link; the image contains the program itself.
  cpSync(realpathSync(image.program), join(content, 'program'));
  chmodSync(join(content, 'program'), 0o755);
  chmodSync(join(content, 'tmp'), 0o1777);
  const layer = await createLayer(content, ['program', 'tmp']);
  const { configuration, manifest, index } = imageDocuments(
    image,
    layer,
    process.arch === 'x64' ? 'amd64' : process.arch,
  );
  const layout = join(directory, 'layout');
  mkdirSync(join(layout, 'blobs', 'sha256'), { recursive: true });
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(layout, 'index.json'), index);
  for (const blob of [configuration, manifest, layer]) {
    writeFileSync(join(layout, 'blobs', 'sha256', digestOf(blob).slice(7)), blob);
  }
  rmSync(content, { recursive: true });
  return { digest: digestOf(manifest) };
}

/** Creates a reproducible archive: no owners, no times, sorted names. */
async function createLayer(directory: string, names: readonly string[]): Promise<Buffer> {
  const file = `${directory}.tar`;
  await mustRun({
    program: 'tar',
    arguments: [
      '--create',
      '--file',
      file,
      '--format=ustar',
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      ...names,
    ],
    directory,
    timeoutSeconds: 60,
  });
  const content = readFileSync(file);
  rmSync(file);
  return content;
}

function descriptor(mediaType: string, content: Buffer) {
  return { mediaType, digest: digestOf(content), size: content.length };
}

function toDocument(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

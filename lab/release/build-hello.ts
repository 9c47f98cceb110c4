import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { type Digest, digest, type ImageReference, imageReference, imageRepository } from '../../lib/values';
import { writeImage } from '../images/program-image';
import type { Layout } from '../layout';
import { writeHello } from './hello-source';
import type { ServiceVersion } from './service-version';

/** Builds a version with `go build`, and pushes it to the lab's registry without the pipeline: an image without scan and signature. */
export async function buildHello(layout: Layout, hello: ServiceVersion): Promise<ImageReference> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-hello-'));
  try {
    const source = join(scratch, 'source');
    writeHello(source, hello);
    const program = join(scratch, 'hello');
    await mustRun({
      program: 'go',
      arguments: ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', program, './cmd/hello'],
      directory: source,
      environment: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
      timeoutSeconds: 600,
    });
    const repository = `127.0.0.1:${layout.ports.registry}/acme/hello`;
    const image = await writeImage(
      { reference: `${repository}:${hello.version}`, program, user: '65532' },
      join(scratch, 'image'),
    );
    await mustRun({
      program: toolPath('crane'),
      arguments: ['push', '--index', '--insecure', join(scratch, 'image', 'layout'), `${repository}:${hello.version}`],
      timeoutSeconds: 60,
    });
    return imageReference(
      imageRepository(repository),
      await pushedDigest(`${repository}:${hello.version}`, image.digest),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The digest of the pushed index, by which images are deployed. */
async function pushedDigest(tag: string, manifest: string): Promise<Digest> {
  const { stdout } = await mustRun({
    program: toolPath('crane'),
    arguments: ['digest', '--insecure', tag],
    timeoutSeconds: 30,
  });
  const pushed = stdout.trim();
  if (pushed === '') {
    throw new Error(`the registry has no ${tag}; expected manifest ${manifest}`);
  }
  return digest(pushed);
}

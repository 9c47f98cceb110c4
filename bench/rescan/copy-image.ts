import type { Scanned } from '../../lib/release';
import { type Digest, digestOf, type ImageRepository } from '../../lib/values';

interface Descriptor {
  readonly digest: Digest;
  readonly size: number;
}
interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** Copies an image to another repository, with a label that gives it, and the image of each platform, a digest of its own. */
export async function copyImage(
  { repository: from, digest, platforms }: Scanned['image'],
  to: ImageRepository,
  label: string,
): Promise<Pick<Scanned['image'], 'digest' | 'platforms'>> {
  const source = addressOf(from);
  const target = addressOf(to);
  const copied: Record<string, Digest> = {};
  let index = await text(`${source}/manifests/${digest}`);
  for (const [platform, original] of Object.entries(platforms)) {
    const manifest = JSON.parse(await text(`${source}/manifests/${original}`)) as Manifest;
    for (const layer of manifest.layers) {
      await send(`${target}/blobs/uploads/?mount=${layer.digest}&from=${pathOf(from)}`, 'POST', '');
    }
    const config = JSON.parse(await text(`${source}/blobs/${manifest.config.digest}`)) as { config: object };
    const labelled = JSON.stringify({ ...config, config: { ...config.config, Labels: { service: label } } });
    const upload = await send(`${target}/blobs/uploads/`, 'POST', '');
    const location = new URL(upload.headers.get('location') ?? '', target);
    location.searchParams.set('digest', digestOf(labelled));
    await send(location.href, 'PUT', labelled, 'application/octet-stream');
    const changed = JSON.stringify({
      ...manifest,
      config: { ...manifest.config, digest: digestOf(labelled), size: Buffer.byteLength(labelled) },
    });
    await send(
      `${target}/manifests/${digestOf(changed)}`,
      'PUT',
      changed,
      'application/vnd.oci.image.manifest.v1+json',
    );
    copied[platform] = digestOf(changed);
    index = withEntry(index, original as Digest, { digest: digestOf(changed), size: Buffer.byteLength(changed) });
  }
  await send(`${target}/manifests/${digestOf(index)}`, 'PUT', index, 'application/vnd.oci.image.index.v1+json');
  return { digest: digestOf(index), platforms: copied as Scanned['image']['platforms'] };
}

function withEntry(index: string, original: Digest, entry: Descriptor): string {
  const parsed = JSON.parse(index) as { manifests: readonly Descriptor[] };
  return JSON.stringify({
    ...parsed,
    manifests: parsed.manifests.map((each) => (each.digest === original ? { ...each, ...entry } : each)),
  });
}

function addressOf(repository: string): string {
  return `http://${repository.split('/')[0]}/v2/${pathOf(repository)}`;
}

function pathOf(repository: string): string {
  return repository.split('/').slice(1).join('/');
}

async function text(url: string): Promise<string> {
  const accept = 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, */*';
  const response = await fetch(url, { headers: { accept } });
  if (!response.ok) {
    throw new Error(`GET ${url}: ${response.status}`);
  }
  return response.text();
}

async function send(url: string, method: string, body: string, type?: string): Promise<Response> {
  const response = await fetch(url, { method, body, headers: type === undefined ? {} : { 'content-type': type } });
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  }
  return response;
}

import { digestOf } from '../../lib/values';

const indexType = 'application/vnd.oci.image.index.v1+json';
const imageType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';

/** An answer of a registry: its status, and the code of its error. */
export interface PushAnswer {
  readonly status: number;
  readonly code: string | undefined;
  readonly subject: string | null;
  readonly digest: string;
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

/** Pushes the smallest things to a repository. */
export function repositoryAt(address: string, repository: string) {
  const url = (path: string) => `http://${address}/v2/${repository}/${path}`;
  const put = async (manifest: object, type: string, tag?: string): Promise<PushAnswer> => {
    const body = JSON.stringify(manifest);
    const digest = digestOf(body);
    const response = await fetch(url(`manifests/${tag ?? digest}`), {
      method: 'PUT',
      headers: { 'content-type': type },
      body,
    });
    return {
      status: response.status,
      code: await errorCode(response),
      subject: response.headers.get('oci-subject'),
      digest,
    };
  };
  const image = (text: Blob, others: object = {}) => ({
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: configType, ...text },
    layers: [],
    ...others,
  });
  return {
    url,
    /** Uploads a blob. @returns its descriptor */
    blob: async (text: string): Promise<Blob> => {
      const digest = digestOf(text);
      const start = await fetch(url('blobs/uploads/'), { method: 'POST' });
      const location = start.headers.get('location') ?? '';
      await fetch(`${location}${location.includes('?') ? '&' : '?'}digest=${digest}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: text,
      });
      return { digest, size: text.length };
    },
    /** Pushes an image with this configuration and no layers. */
    image: (config: Blob, { tag, ...others }: { readonly tag?: string; readonly artifactType?: string } = {}) =>
      put(image(config, others), imageType, tag),
    index: (digests: readonly string[]) =>
      put(
        {
          schemaVersion: 2,
          mediaType: indexType,
          manifests: digests.map((digest) => ({ mediaType: imageType, digest, size: 1 })),
        },
        indexType,
      ),
    referrer: (config: Blob, subject: string, artifactType = 'application/vnd.example.note') =>
      put(image(config, { artifactType, subject: { mediaType: imageType, digest: subject, size: 1 } }), imageType),
    delete: async (digest: string) => {
      const response = await fetch(url(`manifests/${digest}`), { method: 'DELETE' });
      return { status: response.status, code: await errorCode(response) };
    },
    status: async (path: string) =>
      (await fetch(url(path), { headers: { accept: `${indexType}, ${imageType}` } })).status,
    referrers: async (digest: string) =>
      ((await (await fetch(url(`referrers/${digest}`))).json()) as { manifests: { digest: string }[] }).manifests.map(
        (each) => each.digest,
      ),
  };
}

async function errorCode(response: Response): Promise<string | undefined> {
  const text = await response.text();
  return response.ok ? undefined : (JSON.parse(text) as { errors: { code: string }[] }).errors[0]?.code;
}

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PushedManifest, readManifest } from './manifest';
import { type RuleId, registryRules } from './rules';

/** The settings of a repository of ECR. */
export interface RepositorySettings {
  readonly tags: 'mutable' | 'immutable';
  /** Patterns of tags that are mutable nevertheless, such as `sha256-*`. */
  readonly exclusions?: readonly string[];
}

export interface StrictRegistryInput {
  /** The registry behind it, such as `127.0.0.1:5000`. */
  readonly upstream: string;
  readonly repositories: Readonly<Record<string, RepositorySettings>>;
  /** The setting of the registry for the mount of layers. @default false, as on a new account */
  readonly mountsBlobs?: boolean;
}

export interface StrictRegistry {
  /** Host and port. */
  readonly address: string;
  /** What was refused so far, in order. */
  readonly refused: readonly { readonly rule: RuleId; readonly request: string }[];
  /** What was asked so far, in order: method and path. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: Buffer | string;
}

class Refusal extends Error {
  constructor(
    readonly rule: RuleId,
    readonly names: Readonly<Record<string, string>>,
  ) {
    super(rule);
  }
}

/** A proxy before a registry that refuses what ECR refuses ({@link registryRules}). */
export async function startStrictRegistry(input: StrictRegistryInput): Promise<StrictRegistry> {
  const refused: { rule: RuleId; request: string }[] = [];
  const requests: string[] = [];
  const registry = new Repositories(input);
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    requests.push(line);
    registry.answer(incoming, outgoing).catch((error: unknown) => {
      if (error instanceof Refusal) {
        refused.push({ rule: error.rule, request: line });
        send(outgoing, refusalAnswer(error));
        return;
      }
      send(outgoing, { status: 500, body: `the strict registry failed: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

class Repositories {
  /** What was pushed, by repository and digest. */
  private readonly pushed = new Map<string, Map<string, PushedManifest>>();

  constructor(private readonly input: StrictRegistryInput) {}

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://registry');
    const [, repository, kind, reference = ''] =
      /^\/v2\/(.+)\/(manifests|blobs|referrers|tags)\/(.*)$/.exec(url.pathname) ?? [];
    if (repository === undefined) {
      return this.forward(incoming, outgoing);
    }
    const settings = this.input.repositories[repository];
    if (settings === undefined) {
      throw new Refusal('repository-unknown', { repository });
    }
    const manifests = this.pushed.get(repository) ?? new Map<string, PushedManifest>();
    this.pushed.set(repository, manifests);
    if (kind === 'referrers') {
      return send(outgoing, listReferrers([...manifests.values()], reference, url.searchParams.get('artifactType')));
    }
    if (kind === 'blobs' && incoming.method === 'POST' && this.input.mountsBlobs !== true) {
      return this.forward(incoming, outgoing, url.pathname);
    }
    if (kind === 'manifests' && incoming.method === 'PUT') {
      return send(outgoing, await this.putManifest({ incoming, repository, settings, reference, manifests }));
    }
    if (kind === 'manifests' && incoming.method === 'DELETE') {
      return send(outgoing, await this.deleteManifest(repository, reference, manifests));
    }
    return this.forward(incoming, outgoing);
  }

  private async putManifest({
    incoming,
    repository,
    settings,
    reference,
    manifests,
  }: {
    readonly incoming: IncomingMessage;
    readonly repository: string;
    readonly settings: RepositorySettings;
    readonly reference: string;
    readonly manifests: Map<string, PushedManifest>;
  }): Promise<Answer> {
    const body = await readBody(incoming);
    const manifest = readManifest(body, incoming.headers['content-type'] ?? '');
    if (manifest.mediaTypes.some((type) => type.includes(';'))) {
      throw new Refusal('media-type-parameter', {});
    }
    if (!reference.startsWith('sha256:') && isImmutable(settings, reference)) {
      if (await this.has(repository, 'manifests', reference)) {
        throw new Refusal('immutable-tag', { repository, tag: reference });
      }
    }
    const absentImages = await this.absent(repository, 'manifests', manifest.images);
    if (absentImages.length > 0) {
      throw new Refusal('absent-image', { repository, digests: absentImages.join(', ') });
    }
    const absentBlobs = await this.absent(repository, 'blobs', manifest.blobs);
    if (absentBlobs.length > 0) {
      throw new Refusal('absent-layer', { repository, digests: absentBlobs.join(', ') });
    }
    if (manifest.subject !== undefined && !(await this.has(repository, 'manifests', manifest.subject))) {
      throw new Refusal('absent-subject', {});
    }
    const answer = await this.call('PUT', `/v2/${repository}/manifests/${reference}`, body, {
      'content-type': manifest.mediaType,
    });
    if (answer.status === 201) {
      manifests.set(manifest.digest, manifest);
    }
    return manifest.subject === undefined
      ? answer
      : { ...answer, headers: { ...answer.headers, 'oci-subject': manifest.subject } };
  }

  private async deleteManifest(
    repository: string,
    digest: string,
    manifests: Map<string, PushedManifest>,
  ): Promise<Answer> {
    const parents = [...manifests.values()].filter(({ images }) => images.includes(digest));
    if (parents.length > 0) {
      throw new Refusal('referenced-image', { digests: parents.map((parent) => parent.digest).join(', ') });
    }
    const answer = await this.call('DELETE', `/v2/${repository}/manifests/${digest}`);
    manifests.delete(digest);
    for (const referrer of [...manifests.values()].filter(({ subject }) => subject === digest)) {
      await this.deleteManifest(repository, referrer.digest, manifests);
    }
    return answer;
  }

  private async absent(
    repository: string,
    kind: 'manifests' | 'blobs',
    digests: readonly string[],
  ): Promise<readonly string[]> {
    const found = await Promise.all(digests.map((digest) => this.has(repository, kind, digest)));
    return digests.filter((_, index) => !found[index]);
  }

  private async has(repository: string, kind: 'manifests' | 'blobs', reference: string): Promise<boolean> {
    const { status } = await this.call('HEAD', `/v2/${repository}/${kind}/${reference}`, undefined, {
      accept: manifestTypes,
    });
    return status === 200;
  }

  private call(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const [host, port] = this.input.upstream.split(':');
      const outgoing = request({ host, port, method, path, headers }, (response) => {
        readBody(response).then(
          (text) => resolve({ status: response.statusCode ?? 500, headers: response.headers, body: text }),
          reject,
        );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }

  /** Passes a request on as it is. The host stays, so that the registry behind names this one in its answers. */
  private forward(incoming: IncomingMessage, outgoing: ServerResponse, path = incoming.url): Promise<void> {
    return new Promise((resolve, reject) => {
      const [host, port] = this.input.upstream.split(':');
      const { method, headers } = incoming;
      const upstream = request({ host, port, method, path, headers }, (response) => {
        outgoing.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(outgoing);
        response.once('end', resolve);
        response.once('error', reject);
      });
      upstream.once('error', reject);
      incoming.pipe(upstream);
    });
  }
}

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

function isImmutable({ tags, exclusions = [] }: RepositorySettings, tag: string): boolean {
  return tags === 'immutable' && !exclusions.some((pattern) => matches(pattern, tag));
}

/** ECR's filters know one wildcard (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html). */
function matches(pattern: string, tag: string): boolean {
  return new RegExp(`^${pattern.split('*').map(escapeExpression).join('.*')}$`).test(tag);
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function listReferrers(manifests: readonly PushedManifest[], subject: string, type: string | null): Answer {
  const found = manifests
    .filter((manifest) => manifest.subject === subject && (type === null || manifest.artifactType === type))
    .map(({ mediaType, digest, bytes, artifactType, annotations }) => ({
      ...{ mediaType, digest, size: bytes, artifactType },
      ...(annotations === undefined ? {} : { annotations }),
    }));
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  return {
    status: 200,
    headers: { 'content-type': mediaType, ...(type === null ? {} : { 'oci-filters-applied': 'artifactType' }) },
    body: JSON.stringify({ schemaVersion: 2, mediaType, manifests: found }),
  };
}

function refusalAnswer({ rule, names }: Refusal): Answer {
  const { status, code, message } = registryRules[rule];
  const text = message.replace(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole);
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ errors: [{ code, message: text }] }),
  };
}

function send(outgoing: ServerResponse, { status, headers = {}, body }: Answer): void {
  outgoing.writeHead(status, headers as Record<string, string>);
  outgoing.end(body);
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

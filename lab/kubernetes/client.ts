import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';

/** An error response of the API server. */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  constructor(
    readonly status: number,
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${status} ${reason}`);
  }
}

/** An event of a watch (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

export interface ObjectList<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

interface ApiRequest {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly body?: string;
  /** Content type of the body. */
  readonly type?: string;
}

/** A minimal client for the API server. Paths are those of the API reference. */
export class KubernetesClient {
  private readonly agent: Agent;

  private constructor(
    private readonly server: URL,
    ca: string,
    private readonly token: string,
  ) {
    this.agent = new Agent({ ca, keepAlive: true });
  }

  /** @param path of a kubeconfig in JSON, as the lab writes it */
  static fromKubeconfig(path: string): KubernetesClient {
    const file = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly clusters: readonly [
        { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } },
      ];
      readonly users: readonly [{ readonly user: { readonly token: string } }];
    };
    const { server, 'certificate-authority-data': authority } = file.clusters[0].cluster;
    return new KubernetesClient(
      new URL(server),
      Buffer.from(authority, 'base64').toString('utf8'),
      file.users[0].user.token,
    );
  }

  /** Returns undefined if the object does not exist. */
  async get<T>(path: string): Promise<T | undefined> {
    try {
      return JSON.parse(await this.send({ method: 'GET', path })) as T;
    } catch (error) {
      if (error instanceof KubernetesError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async list<T>(path: string): Promise<ObjectList<T>> {
    return JSON.parse(await this.send({ method: 'GET', path })) as ObjectList<T>;
  }

  /** Server-side apply: creates the object, or takes over fields of other managers. Accepts YAML or JSON. A dry run only validates and admits. */
  async apply(path: string, text: string, { dryRun = false } = {}): Promise<void> {
    const query = `fieldManager=bowline-lab&force=true${dryRun ? '&dryRun=All' : ''}`;
    await this.send({ method: 'PATCH', path: `${path}?${query}`, body: text, type: 'application/apply-patch+yaml' });
  }

  /** JSON merge patch. */
  async patch(path: string, change: unknown): Promise<void> {
    const body = JSON.stringify(change);
    await this.send({ method: 'PATCH', path, body, type: 'application/merge-patch+json' });
  }

  /** Yields events since a resource version, until the server ends the watch or `signal` aborts it. */
  async *watch<T>(path: string, resourceVersion: string, signal: AbortSignal): AsyncGenerator<WatchEvent<T>> {
    const separator = path.includes('?') ? '&' : '?';
    const response = await this.open({
      method: 'GET',
      path: `${path}${separator}watch=true&resourceVersion=${resourceVersion}`,
      signal,
    });
    let pending = '';
    response.setEncoding('utf8');
    for await (const chunk of response) {
      pending += chunk as string;
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        yield JSON.parse(line) as WatchEvent<T>;
      }
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private async send(call: ApiRequest): Promise<string> {
    return readText(await this.open({ ...call, signal: AbortSignal.timeout(30_000) }));
  }

  private open(call: ApiRequest & { readonly signal: AbortSignal }): Promise<IncomingMessage> {
    const { method, path, body, type, signal } = call;
    const options: RequestOptions = {
      method,
      agent: this.agent,
      signal,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: 'application/json, */*',
        ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
      },
    };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.server), options, (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          resolve(response);
          return;
        }
        readText(response).then((text) => reject(new KubernetesError(status, path, parseReason(text))), reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseReason(text: string): string {
  try {
    return (JSON.parse(text) as { readonly message?: string }).message ?? text;
  } catch {
    return text;
  }
}

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { KubernetesClient } from '../kubernetes/client';

export interface GitServerOptions {
  readonly root: string;
  readonly host: string;
  readonly port: number;
  /** Files, PEM. A ledger is never read or written over plain HTTP, the lab's no more than others. */
  readonly certificate: string;
  readonly key: string;
  /** Told of each push that git took to its end. */
  readonly onPush: (repository: string) => void;
}

/** The head of a CGI answer (RFC 3875 §6): its status, 200 where it says none, and its fields. */
export function parseCgiHead(head: string): {
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
} {
  const fields = head
    .split(/\r?\n/)
    .filter((line) => line.includes(':'))
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
  const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1];
  return {
    status: status === undefined ? 200 : Number.parseInt(status, 10),
    fields: fields.filter(([name]) => name.toLowerCase() !== 'status'),
  };
}

/** Serves bare repositories by git's own http-backend: reading and pushing, to whoever reaches the address. */
export function serveGit(options: GitServerOptions): Promise<void> {
  const pair = { cert: readFileSync(options.certificate), key: readFileSync(options.key) };
  const server = createServer(pair, (request, response) => answer(options, request, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
}

function answer({ root, onPush }: GitServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      // Repositories that another user of this machine made are none of the lab's.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'lab',
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: String(request.headers['content-type'] ?? ''),
      HTTP_CONTENT_ENCODING: String(request.headers['content-encoding'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  backend.on('error', () => response.writeHead(500).end());
  backend.stdin.on('error', () => undefined);
  request.pipe(backend.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  backend.stdout.on('data', (chunk: Buffer) => {
    if (head === undefined) {
      response.write(chunk);
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end >= 0) {
      const { status, fields } = parseCgiHead(head.toString('utf8', 0, end));
      response.writeHead(status, Object.fromEntries(fields));
      response.write(head.subarray(end + 4));
      head = undefined;
    }
  });
  backend.on('close', (code) => {
    response.end();
    // A push that git refused or broke off has changed nothing.
    if (code === 0 && request.method === 'POST' && url.pathname.endsWith('/git-receive-pack')) {
      onPush(url.pathname.slice(1, -'/git-receive-pack'.length));
    }
  });
}

/**
 * Asks Argo CD to look at every Application now. A git host does this by a webhook to Argo CD's API server, which the core installation lacks;
 * the annotation is what that server would write.
 */
export async function refreshApplications(kubeconfig: string): Promise<void> {
  const client = KubernetesClient.fromKubeconfig(kubeconfig);
  try {
    const { items } = await client.list<{ readonly metadata: { readonly name: string; readonly namespace: string } }>(
      '/apis/argoproj.io/v1alpha1/applications',
    );
    await Promise.all(
      items.map(({ metadata: { name, namespace } }) =>
        client.patch(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications/${name}`, {
          metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } },
        }),
      ),
    );
  } finally {
    client.close();
  }
}

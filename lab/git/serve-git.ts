import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { KubernetesClient } from '../kubernetes/client';

export interface GitServerOptions {
  readonly root: string;
  readonly host: string;
  readonly port: number;
  /** PEM files. Bowline accepts no ledger over plain HTTP. */
  readonly certificate: string;
  readonly key: string;
  /** Called after each successful push. */
  readonly onPush: (repository: string) => void;
}

/** Parses the header of a CGI response (RFC 3875 §6). The status defaults to 200. */
export function parseCgiHeader(head: string): {
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

/** Serves bare repositories with git http-backend, for fetch and push without authentication. */
export function serveGit(options: GitServerOptions): Promise<void> {
  const tls = { cert: readFileSync(options.certificate), key: readFileSync(options.key) };
  const server = createServer(tls, (request, response) => handleRequest(options, request, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
}

function handleRequest({ root, onPush }: GitServerOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      // git refuses repositories of other users, which the lab's can be.
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
      const { status, fields } = parseCgiHeader(head.toString('utf8', 0, end));
      response.writeHead(status, Object.fromEntries(fields));
      response.write(head.subarray(end + 4));
      head = undefined;
    }
  });
  backend.on('close', (code) => {
    response.end();
    // A rejected or aborted push has changed nothing.
    if (code === 0 && request.method === 'POST' && url.pathname.endsWith('/git-receive-pack')) {
      onPush(url.pathname.slice(1, -'/git-receive-pack'.length));
    }
  });
}

/**
 * Makes Argo CD refresh every Application now. A git host sends a webhook to Argo CD's API server for this. The core installation has no API server,
 * so the lab sets the annotation that the API server would set.
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

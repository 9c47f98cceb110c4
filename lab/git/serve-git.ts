import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { KubernetesClient } from '../kubernetes/client';
import { sendCgiResponse, startHttpBackend } from './http-backend';

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
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const environment = {
    PATH: process.env.PATH,
    // git refuses repositories of other users, which the lab's can be.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    REMOTE_USER: 'lab',
  };
  const backend = startHttpBackend(request, { root, environment, messages: 'inherit' });
  sendCgiResponse(backend, response);
  backend.on('close', (code) => {
    // A rejected or aborted push has changed nothing.
    if (code === 0 && request.method === 'POST' && pathname.endsWith('/git-receive-pack')) {
      onPush(pathname.slice(1, -'/git-receive-pack'.length));
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

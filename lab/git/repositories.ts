import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { keyPath, kubeconfigPath } from '../cluster/keys';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** URL of a repository, for this machine and for pods. */
export function repositoryUrl(layout: Layout, name: string): string {
  return `https://${layout.node.address}:${layout.ports.git}/${name}.git`;
}

/** Creates a bare repository that accepts pushes, unless it exists. */
export async function createRepository(layout: Layout, name: string): Promise<void> {
  const path = join(gitRoot(layout), `${name}.git`);
  if (existsSync(path)) {
    return;
  }
  const temporary = `${path}.part`;
  mkdirSync(temporary, { recursive: true });
  const git = (...words: readonly string[]) =>
    mustRun({ program: 'git', arguments: words, directory: temporary, timeoutSeconds: 30 });
  await git('init', '--quiet', '--bare', '--initial-branch=main');
  await git('config', 'http.receivepack', 'true');
  renameSync(temporary, path);
}

/** Directory of the bare repositories. */
export function gitRoot(layout: Layout): string {
  return within(layout, 'git');
}

/** The CA certificate of the git server: the value of GIT_SSL_CAINFO for clients. */
export function authorityPath(layout: Layout): string {
  return keyPath(layout, 'ca.crt');
}

export function gitServer(layout: Layout, serve: readonly string[]): Server {
  const { address } = layout.node;
  return {
    kind: 'server',
    name: 'git',
    version: 'own',
    needs: ['network', 'keys', 'ledger'],
    program: process.execPath,
    arguments: [
      ...serve,
      'git',
      gitRoot(layout),
      address,
      String(layout.ports.git),
      keyPath(layout, 'git'),
      kubeconfigPath(layout, 'admin'),
    ],
    ready: {
      kind: 'http',
      url: `${repositoryUrl(layout, 'ledger')}/info/refs?service=git-upload-pack`,
      certificate: authorityPath(layout),
    },
    deadlineSeconds: 30,
    graceSeconds: 1,
  };
}

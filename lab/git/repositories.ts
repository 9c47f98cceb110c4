import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { keyPath, kubeconfigPath } from '../cluster/keys';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** URL of a repository of the lab, for this machine and for pods. */
export function repositoryUrl(layout: Layout, name: string): string {
  return `https://${layout.node.address}:${layout.ports.git}/${name}.git`;
}

/** Makes a bare repository that takes pushes, once. */
export async function makeRepository(layout: Layout, name: string): Promise<void> {
  const path = join(gitRoot(layout), `${name}.git`);
  if (existsSync(path)) {
    return;
  }
  const beside = `${path}.part`;
  mkdirSync(beside, { recursive: true });
  const git = (...words: readonly string[]) =>
    mustRun({ program: 'git', arguments: words, directory: beside, timeoutSeconds: 30 });
  await git('init', '--quiet', '--bare', '--initial-branch=main');
  await git('config', 'http.receivepack', 'true');
  renameSync(beside, path);
}

/** Folder of the lab's bare repositories. */
export function gitRoot(layout: Layout): string {
  return within(layout, 'git');
}

/** The certificate of the authority that the server's is from: GIT_SSL_CAINFO of whoever reads or pushes. */
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

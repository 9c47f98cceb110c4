import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lib/process';
import { kubeconfigPath } from '../cluster/keys';
import { gitRoot } from '../git/repositories';
import { KubernetesClient } from '../kubernetes/client';
import { helloOf, labCatalog } from '../lab-catalog';
import { type Layout, within } from '../layout';
import { runningRecord } from '../run/supervisor';
import { isReleased } from './run-scenario';

/**
 * Whether a cluster is there that is not empty, or that nobody can ask: one that was interrupted has its data still. Whatever goes wrong in asking
 * counts as use, since taking down costs seconds, and a first release into a used cluster proves nothing.
 */
export async function isUsed(layout: Layout): Promise<boolean> {
  if (await hasRefs(join(gitRoot(layout), 'ledger.git'))) {
    return true;
  }
  if (runningRecord(layout, 'kube-apiserver') === undefined) {
    return existsSync(within(layout, 'etcd'));
  }
  let client: KubernetesClient | undefined;
  try {
    client = KubernetesClient.fromKubeconfig(kubeconfigPath(layout, 'admin'));
    return await isReleased({ client, service: helloOf(labCatalog()) });
  } catch {
    return true;
  } finally {
    client?.close();
  }
}

/** Whether a repository holds anything, or is broken. */
async function hasRefs(repository: string): Promise<boolean> {
  if (!existsSync(repository)) {
    return false;
  }
  const { exitCode, stdout } = await run({
    program: 'git',
    arguments: ['for-each-ref', '--count=1'],
    directory: repository,
    timeoutSeconds: 10,
  });
  return exitCode !== 0 || stdout.trim() !== '';
}

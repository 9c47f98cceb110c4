import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../lib/process';
import { kubeconfigPath } from '../cluster/keys';
import { gitRoot } from '../git/repositories';
import { KubernetesClient } from '../kubernetes/client';
import { helloService, labCatalog } from '../lab-catalog';
import { type Layout, within } from '../layout';
import { runningRecord } from '../run/supervisor';
import { isReleased } from './run-scenario';

/**
 * Whether the lab contains a release, including an interrupted lab with data. If the cluster does not respond, the lab counts as in use: a teardown
 * takes seconds, and a first release into a used cluster proves nothing.
 */
export async function isLabInUse(layout: Layout): Promise<boolean> {
  if (await hasRefs(join(gitRoot(layout), 'ledger.git'))) {
    return true;
  }
  if (runningRecord(layout, 'kube-apiserver') === undefined) {
    return existsSync(within(layout, 'etcd'));
  }
  let client: KubernetesClient | undefined;
  try {
    client = KubernetesClient.fromKubeconfig(kubeconfigPath(layout, 'admin'));
    return await isReleased({ client, service: helloService(labCatalog()) });
  } catch {
    return true;
  } finally {
    client?.close();
  }
}

/** Whether a repository has refs, or cannot be read. */
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

import { platformPath } from '../../lib/ledger';
import { mustRun } from '../../lib/process';
import { gitRoot } from '../git/repositories';
import { type KubernetesObject, objectsOf } from '../kubernetes/apply';
import type { Layout } from '../layout';

/**
 * What is applied to a cluster by hand, once: a file that `publish` wrote into the ledger. A project, and two Applications that follow the
 * ledger; everything else comes from there.
 * @throws ProgramError where nothing was published yet
 */
export async function publishedBootstrap(
  layout: Layout,
  branch: string,
  environment: string,
): Promise<readonly KubernetesObject[]> {
  const { stdout } = await mustRun({
    program: 'git',
    arguments: ['show', `refs/heads/${branch}:${platformPath(environment, 'bootstrap')}`],
    directory: `${gitRoot(layout)}/ledger.git`,
    timeoutSeconds: 10,
  });
  return objectsOf(stdout);
}

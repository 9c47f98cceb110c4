import { platformPath } from '../../lib/ledger';
import { mustRun } from '../../lib/process';
import { gitRoot } from '../git/repositories';
import { type KubernetesObject, parseObjects } from '../kubernetes/apply';
import type { Layout } from '../layout';

/**
 * Reads the Argo CD bootstrap manifest, which `publish` writes to the ledger and a platform team applies once: a project, and two Applications that
 * follow the ledger. Argo CD applies everything else.
 * @throws BowlineError if nothing has been published yet
 */
export async function readBootstrapManifest(
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
  return parseObjects(stdout);
}

import type { EnvironmentFile } from '../../lib/ledger';
import type { KubernetesObject } from '../kubernetes/apply';

/**
 * What is applied to a cluster by hand, once: a project that may bring projects and Applications, and two Applications that follow the ledger.
 * Everything else comes from there.
 */
export function bootstrapObjects(environment: EnvironmentFile): readonly KubernetesObject[] {
  const { argocdNamespace: namespace, ledger, cluster, name } = environment;
  const application = (part: 'platform' | 'apps') => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `bowline-${part}-${name}`, namespace },
    spec: {
      project: 'bowline',
      source: { repoURL: ledger.repository, targetRevision: `refs/heads/${ledger.branch}`, path: `${part}/${name}` },
      destination: { server: cluster, namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true, allowEmpty: true },
        syncOptions: ['ServerSideApply=true'],
        retry: { limit: 10, backoff: { duration: '2s', factor: 2, maxDuration: '30s' } },
      },
    },
  });
  return [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'bowline', namespace },
      spec: {
        description: 'Brings the projects, namespaces and Applications of the ledger',
        sourceRepos: [ledger.repository],
        destinations: [{ server: cluster, namespace: '*' }],
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
        namespaceResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    },
    application('platform'),
    application('apps'),
  ] as readonly KubernetesObject[];
}

import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { argocd } from '../kubernetes/manifest';
import { AppProject } from './app-project';
import { Application } from './application';

/** The project of what is the platform's own. */
export const platformProject = 'bowline';

/**
 * What is applied to a cluster by hand, once (`kubectl apply -f platform/<environment>/bootstrap.yaml` out of the ledger): a project that may
 * bring all that a platform has, and two Applications that follow the ledger. From then on they follow this file as well.
 */
export function bootstrap(scope: Construct, environment: EnvironmentFile): void {
  const { argocdNamespace: namespace, ledger, cluster, name, addOns } = environment;
  new AppProject(scope, 'Project', {
    name: platformProject,
    namespace,
    description: 'Brings the projects, namespaces and Applications of the ledger, and the add-ons',
    repositories: [ledger.repository, ...(addOns.length > 0 ? helmRepositories : [])],
    destinations: [{ server: cluster, namespace: '*' }],
    clusterKinds: [{ group: '*', kind: '*' }],
    kinds: [{ group: '*', kind: '*' }],
    annotations: argocd.wave(-5),
  });
  for (const part of ['platform', 'apps'] as const) {
    new Application(scope, `Application-${part}`, {
      name: `bowline-${part}-${name}`,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'bowline' },
      annotations: argocd.wave(part === 'platform' ? -5 : 5),
      project: platformProject,
      source: { repository: ledger.repository, branch: ledger.branch, path: `${part}/${name}` },
      destination: { server: cluster, namespace },
      // A ledger that has no release yet is no mistake.
      allowEmpty: true,
    });
  }
}

/** Where the add-ons' charts come from. */
export const helmRepositories = [
  'https://prometheus-community.github.io/helm-charts',
  'https://grafana.github.io/helm-charts',
  'https://jaegertracing.github.io/helm-charts',
  'https://open-telemetry.github.io/opentelemetry-helm-charts',
  'https://flagger.app',
] as const;

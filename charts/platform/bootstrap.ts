import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { AppProject, anyKind } from '../argocd/app-project';
import { Application } from '../argocd/application';
import { type GitSource, Source } from '../argocd/source';
import { SyncWave } from '../argocd/sync-wave';

/** How Argo CD names the cluster that it runs in. */
export const ownCluster = 'https://kubernetes.default.svc';

/** The project of what is the platform's own. One Argo CD may serve several environments: each has its own. */
export function platformProject(environment: string): string {
  return `bowline-${environment}`;
}

/** Files of `platform/<environment>` for the cluster that services run in. All others are Argo CD's own, and go where Argo CD is. */
const ofCluster = ['admission.yaml', 'namespaces.yaml'];

/**
 * What is applied by hand, once, to the cluster that Argo CD runs in (`kubectl apply -f platform/<environment>/bootstrap.yaml` out of the
 * ledger): a project that may bring all that a platform has, and Applications that follow the ledger. From then on they follow this file too.
 * Projects, Applications and configuration are for Argo CD's cluster whatever the environment's; namespaces and admission are for the
 * environment's, which has an Application of its own where it is another one.
 */
export function bootstrap(scope: Construct, environment: EnvironmentFile): void {
  const { argocdNamespace: namespace, ledger, cluster, name, addOns } = environment;
  const elsewhere = cluster !== ownCluster;
  const project = new AppProject(scope, 'Project', {
    metadata: { name: platformProject(name), namespace, annotations: SyncWave.bootstrap.annotations },
    description: 'Brings the projects, namespaces and Applications of the ledger, and the add-ons',
    repositories: [ledger.repository, ...(addOns.length > 0 ? helmRepositories : [])],
  });
  project.allow(anyKind);
  project.allowClusterWide(anyKind);
  project.deployTo(...[...new Set([ownCluster, cluster])].map((server) => ({ server, namespace: '*' })));
  const follow = (part: string, wave: SyncWave, server: string, source: Pick<GitSource, 'path' | 'files'>) =>
    new Application(scope, `Application-${part}`, {
      metadata: {
        name: `bowline-${part}-${name}`,
        namespace,
        labels: { 'app.kubernetes.io/managed-by': 'bowline' },
        annotations: wave.annotations,
      },
      project: project.name,
      source: Source.git({ repository: ledger.repository, branch: ledger.branch, ...source }),
      destination: { server, namespace },
      // A ledger that has no release yet is no mistake.
      allowEmpty: true,
    });
  follow('platform', SyncWave.bootstrap, ownCluster, {
    path: `platform/${name}`,
    ...(elsewhere ? { files: { allBut: ofCluster } } : {}),
  });
  if (elsewhere) {
    follow('cluster', SyncWave.bootstrap, cluster, { path: `platform/${name}`, files: { only: ofCluster } });
  }
  follow('apps', SyncWave.services, ownCluster, { path: `apps/${name}` });
}

/** Where the add-ons' charts come from. */
export const helmRepositories = [
  'https://prometheus-community.github.io/helm-charts',
  'https://grafana.github.io/helm-charts',
  'https://jaegertracing.github.io/helm-charts',
  'https://open-telemetry.github.io/opentelemetry-helm-charts',
  'https://flagger.app',
] as const;

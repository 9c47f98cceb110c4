import type { Construct } from 'constructs';
import { platformApplicationName, type platformParts, platformProjectName } from '../../lib/catalog';
import type { EnvironmentFile } from '../../lib/ledger';
import { AppProject, anyKind } from '../argocd/app-project';
import { Application } from '../argocd/application';
import { type GitSource, Source } from '../argocd/source';
import { SyncWave } from '../argocd/sync-wave';
import { helmRepositories } from './add-ons/helm-chart';
import { managedLabels } from './namespaces';

/** The URL by which Argo CD refers to the cluster that it runs in. */
export const argocdCluster = 'https://kubernetes.default.svc';

/** The files of `platform/<environment>` for the cluster of the services. All others are for the cluster that Argo CD runs in. */
const serviceClusterFiles = ['admission.yaml', 'namespaces.yaml'];

/**
 * The Argo CD bootstrap manifest: a project for everything that the platform deploys, and Applications that follow the ledger. A person applies
 * it once to the cluster that Argo CD runs in (`kubectl apply -f platform/<environment>/bootstrap.yaml`). From then on, the Applications also
 * follow this file.
 *
 * Projects, Applications and configuration go to the cluster of Argo CD. Namespaces and the admission policy go to the cluster of the
 * environment, through an Application of their own if that is another cluster.
 */
export function bootstrap(scope: Construct, environment: EnvironmentFile): void {
  const { argocdNamespace: namespace, ledger, cluster, name, addOns } = environment;
  const hasOwnCluster = cluster !== argocdCluster;
  const project = new AppProject(scope, 'Project', {
    metadata: { name: platformProjectName(name), namespace, annotations: SyncWave.bootstrap.annotations },
    description: 'Projects, namespaces and Applications of the ledger, and the add-ons',
    repositories: [ledger.repository, ...(addOns.length > 0 ? Object.values(helmRepositories) : [])],
  });
  project.allowKinds(anyKind);
  project.allowClusterKinds(anyKind);
  project.allowDestinations(...[...new Set([argocdCluster, cluster])].map((server) => ({ server, namespace: '*' })));
  const addApplication = (part: (typeof platformParts)[number], { wave, server, path, files }: LedgerFolder) =>
    new Application(scope, `Application-${part}`, {
      metadata: {
        name: platformApplicationName(part, name),
        namespace,
        labels: managedLabels,
        annotations: wave.annotations,
      },
      project: project.name,
      source: Source.git({ repository: ledger.repository, branch: ledger.branch, path, files }),
      destination: { server, namespace },
      // The folder is empty before the first release.
      allowEmpty: true,
    });
  addApplication('platform', {
    wave: SyncWave.bootstrap,
    server: argocdCluster,
    path: `platform/${name}`,
    files: hasOwnCluster ? { allBut: serviceClusterFiles } : undefined,
  });
  if (hasOwnCluster) {
    addApplication('cluster', {
      wave: SyncWave.bootstrap,
      server: cluster,
      path: `platform/${name}`,
      files: { only: serviceClusterFiles },
    });
  }
  addApplication('apps', { wave: SyncWave.services, server: argocdCluster, path: `apps/${name}` });
}

/** A folder of the ledger that an Application follows. */
interface LedgerFolder extends Pick<GitSource, 'path' | 'files'> {
  readonly wave: SyncWave;
  /** URL of the cluster to deploy to. */
  readonly server: string;
}

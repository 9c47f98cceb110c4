import type { Construct } from 'constructs';
import { projectName, type ServiceInEnvironment } from '../../lib/catalog';
import type { EnvironmentFile } from '../../lib/ledger';
import { AppProject, type GroupKind } from '../argocd/app-project';
import { SyncWave } from '../argocd/sync-wave';

/** The kinds in the manifests of a service. Projects of teams allow no others. */
const serviceKinds: readonly GroupKind[] = [
  { group: '', kind: 'ConfigMap' },
  { group: '', kind: 'ServiceAccount' },
  { group: 'apps', kind: 'Deployment' },
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'flagger.app', kind: 'AlertProvider' },
  { group: 'flagger.app', kind: 'Canary' },
  { group: 'flagger.app', kind: 'MetricTemplate' },
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute' },
  { group: 'monitoring.coreos.com', kind: 'PrometheusRule' },
  { group: 'monitoring.coreos.com', kind: 'ServiceMonitor' },
  { group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  { group: 'policy', kind: 'PodDisruptionBudget' },
];

/** One project per team, limited to the kinds of a service, the ledger, and the namespaces of the team's services. */
export function projects(
  scope: Construct,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): void {
  for (const team of [...new Set(services.map((service) => service.team))].sort()) {
    const namespaces = [
      ...new Set(services.filter((service) => service.team === team).map((service) => service.namespace)),
    ].sort();
    const project = new AppProject(scope, `Project-${team}`, {
      metadata: {
        name: projectName(environment.name, team),
        namespace: environment.argocdNamespace,
        annotations: SyncWave.permissions.annotations,
      },
      description: `Services of ${team} in ${environment.name}`,
      repositories: [environment.ledger.repository],
    });
    project.allowKinds(...serviceKinds);
    project.allowDestinations(...namespaces.map((namespace) => ({ server: environment.cluster, namespace })));
  }
}

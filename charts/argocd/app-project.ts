import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface AppProjectProps {
  readonly name: string;
  readonly namespace: string;
  readonly description: string;
  readonly repository: string;
  readonly destinations: readonly { readonly server: string; readonly namespace: string }[];
}

/** Kinds that a service's chart holds: nothing else may come through a team's project. */
const serviceKinds = [
  { group: '', kind: 'ConfigMap' },
  { group: '', kind: 'ServiceAccount' },
  { group: 'apps', kind: 'Deployment' },
  { group: 'autoscaling', kind: 'HorizontalPodAutoscaler' },
  { group: 'flagger.app', kind: 'Canary' },
  { group: 'flagger.app', kind: 'MetricTemplate' },
  { group: 'monitoring.coreos.com', kind: 'PrometheusRule' },
  { group: 'monitoring.coreos.com', kind: 'ServiceMonitor' },
  { group: 'networking.k8s.io', kind: 'NetworkPolicy' },
  { group: 'policy', kind: 'PodDisruptionBudget' },
] as const;

/** What a team may bring into a cluster: its namespaces, the kinds of a service, out of the ledger alone. */
export class AppProject extends ApiObject {
  constructor(scope: Construct, id: string, props: AppProjectProps) {
    super(scope, id, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: props.name, namespace: props.namespace },
      spec: {
        description: props.description,
        sourceRepos: [props.repository],
        destinations: props.destinations.map(({ server, namespace }) => ({ server, namespace })),
        clusterResourceWhitelist: [],
        namespaceResourceWhitelist: serviceKinds.map(({ group, kind }) => ({ group, kind })),
      },
    });
  }
}

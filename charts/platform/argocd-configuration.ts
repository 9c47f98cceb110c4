import { Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { applicationHealth, canaryHealth } from '../argocd/health-scripts';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { ConfigMap } from '../kubernetes/hardened/config-map';
import { managed } from './namespaces';

/**
 * What Argo CD has to know about Canaries and Applications. Applied on the server's side, these keys are merged into the ConfigMap that the
 * installation brings, and its other keys stay whose they are.
 */
export function argocdConfiguration(scope: Construct, environment: EnvironmentFile): ConfigMap {
  return new ConfigMap(scope, 'ArgocdConfiguration', {
    metadata: {
      name: 'argocd-cm',
      namespace: environment.argocdNamespace,
      labels: { ...managed, 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
      // It is the installation's: never deleted with ours.
      annotations: { ...SyncWave.foundations.annotations, ...syncOptions.keepAndMerge },
    },
    data: {
      'resource.customizations.health.flagger.app_Canary': canaryHealth,
      'resource.customizations.health.argoproj.io_Application': applicationHealth,
      // Replicas are Flagger's and the autoscaler's.
      'resource.customizations.ignoreDifferences.apps_Deployment': Yaml.stringify({ jsonPointers: ['/spec/replicas'] }),
      // Whatever Flagger writes into objects that came from git is not a difference.
      'resource.customizations.ignoreDifferences.all': Yaml.stringify({ managedFieldsManagers: ['flagger'] }),
      'application.resourceTrackingMethod': 'annotation',
    },
  });
}

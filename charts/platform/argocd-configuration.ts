import { Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { applicationHealth, canaryHealth } from '../argocd/health-scripts';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { ConfigMap } from '../kubernetes/hardened/config-map';
import { managedLabels } from './namespaces';

/**
 * Configures Argo CD for Canaries and Applications. Server-side apply merges these keys into the ConfigMap of the Argo CD installation and
 * leaves its other keys alone.
 */
export function argocdConfiguration(scope: Construct, environment: EnvironmentFile): ConfigMap {
  return new ConfigMap(scope, 'ArgocdConfiguration', {
    metadata: {
      name: 'argocd-cm',
      namespace: environment.argocdNamespace,
      labels: { ...managedLabels, 'app.kubernetes.io/name': 'argocd-cm', 'app.kubernetes.io/part-of': 'argocd' },
      // The ConfigMap belongs to the installation of Argo CD, so it is never deleted.
      annotations: { ...SyncWave.foundations.annotations, ...syncOptions.keepAndMerge },
    },
    data: {
      'resource.customizations.health.flagger.app_Canary': canaryHealth,
      'resource.customizations.health.argoproj.io_Application': applicationHealth,
      // Flagger and the autoscaler set the replicas.
      'resource.customizations.ignoreDifferences.apps_Deployment': Yaml.stringify({ jsonPointers: ['/spec/replicas'] }),
      // Ignores the fields that Flagger writes into objects from git.
      'resource.customizations.ignoreDifferences.all': Yaml.stringify({ managedFieldsManagers: ['flagger'] }),
      'application.resourceTrackingMethod': 'annotation',
    },
  });
}

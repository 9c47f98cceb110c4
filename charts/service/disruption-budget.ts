import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { primaryLabels, serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';

/**
 * One pod of those that serve may leave at a time, so that a drained node takes no service down. By how many may leave, not by how many
 * must stay: with one replica the latter would hold up every drain for ever.
 */
export function disruptionBudget(scope: Construct, service: ServiceInEnvironment): ApiObject {
  return new ApiObject(scope, 'DisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels: serviceLabels(service),
      annotations: argocd.wave(-1),
    },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: primaryLabels(service) },
      // A pod that is not ready serves nobody: it must not keep a node from being drained (Kubernetes 1.27).
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  });
}

import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';

/** An identity of its own, without a token in the pod. */
export function serviceAccount(scope: Construct, service: ServiceInEnvironment): ApiObject {
  return new ApiObject(scope, 'ServiceAccount', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels: serviceLabels(service),
      annotations: argocd.wave(-2),
    },
    automountServiceAccountToken: false,
  });
}

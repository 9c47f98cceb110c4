import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';

/** Scales by CPU from the catalog's replicas up. Flagger makes the primary's out of it. */
export function autoscaler(scope: Construct, service: ServiceInEnvironment): ApiObject {
  return new ApiObject(scope, 'Autoscaler', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: service.name,
      namespace: service.namespace,
      labels: serviceLabels(service),
      annotations: argocd.wave(0),
    },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service.name },
      minReplicas: service.replicas,
      maxReplicas: service.maxReplicas,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
      ],
    },
  });
}

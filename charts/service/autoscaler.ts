import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { HorizontalPodAutoscaler } from '../kubernetes/hardened/horizontal-pod-autoscaler';
import { serviceMetadata } from '../kubernetes/metadata';
import { Percent } from '../values/percent';

/** Scales by CPU from the catalog's replicas up. Flagger makes the primary's out of it. */
export function autoscaler(scope: Construct, service: ServiceInEnvironment): HorizontalPodAutoscaler {
  return new HorizontalPodAutoscaler(scope, 'Autoscaler', {
    metadata: serviceMetadata(service, SyncWave.target),
    deployment: service.name,
    minReplicas: service.replicas,
    maxReplicas: service.maxReplicas,
    cpu: Percent.of(70),
  });
}

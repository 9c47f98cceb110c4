import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { HorizontalPodAutoscaler } from '../kubernetes/hardened/horizontal-pod-autoscaler';
import { Percent } from '../values/percent';
import { serviceMetadata } from './metadata';

/** Scales the target by CPU, between the catalog's replicas and maxReplicas. Flagger creates the autoscaler of the primary from it. */
export function autoscaler(scope: Construct, service: ServiceInEnvironment): HorizontalPodAutoscaler {
  return new HorizontalPodAutoscaler(scope, 'Autoscaler', {
    metadata: serviceMetadata(service, SyncWave.workload),
    deployment: service.name,
    minReplicas: service.replicas,
    maxReplicas: service.maxReplicas,
    cpu: Percent.of(70),
  });
}

import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { PodDisruptionBudget } from '../kubernetes/hardened/pod-disruption-budget';
import { primaryLabels, serviceMetadata } from './metadata';

/** Lets the eviction API remove one pod of the primary at a time, so that draining a node does not take the service down. */
export function disruptionBudget(scope: Construct, service: ServiceInEnvironment): PodDisruptionBudget {
  return new PodDisruptionBudget(scope, 'DisruptionBudget', {
    metadata: serviceMetadata(service, SyncWave.prerequisites),
    podLabels: primaryLabels(service),
    maxUnavailable: 1,
  });
}

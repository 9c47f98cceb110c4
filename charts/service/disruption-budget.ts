import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { PodDisruptionBudget } from '../kubernetes/hardened/pod-disruption-budget';
import { primaryLabels } from './metadata';
import { serviceMetadata } from '../kubernetes/metadata';

/** One pod of those that serve may leave at a time, so that a drained node takes no service down. */
export function disruptionBudget(scope: Construct, service: ServiceInEnvironment): PodDisruptionBudget {
  return new PodDisruptionBudget(scope, 'DisruptionBudget', {
    metadata: serviceMetadata(service, SyncWave.judges),
    pods: primaryLabels(service),
    maxUnavailable: 1,
  });
}

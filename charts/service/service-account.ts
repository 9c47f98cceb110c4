import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { serviceMetadata } from '../kubernetes/metadata';
import { ServiceAccount } from '../kubernetes/tamed/service-account';

/** An identity of its own, without a token in the pod. */
export function serviceAccount(scope: Construct, service: ServiceInEnvironment): ServiceAccount {
  return new ServiceAccount(scope, 'ServiceAccount', { metadata: serviceMetadata(service, SyncWave.permissions) });
}

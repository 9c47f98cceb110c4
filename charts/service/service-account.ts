import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { ServiceAccount } from '../kubernetes/hardened/service-account';
import { serviceMetadata } from '../kubernetes/metadata';

/** An identity of its own, without a token in the pod. */
export function serviceAccount(scope: Construct, service: ServiceInEnvironment): ServiceAccount {
  return new ServiceAccount(scope, 'ServiceAccount', { metadata: serviceMetadata(service, SyncWave.permissions) });
}

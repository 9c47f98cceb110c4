import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { ServiceAccount } from '../kubernetes/hardened/service-account';
import { serviceMetadata } from './metadata';

/** The service account of the pods. They get no token for it. */
export function serviceAccount(scope: Construct, service: ServiceInEnvironment): ServiceAccount {
  return new ServiceAccount(scope, 'ServiceAccount', { metadata: serviceMetadata(service, SyncWave.permissions) });
}

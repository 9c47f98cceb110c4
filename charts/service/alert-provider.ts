import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { AlertProvider } from '../flagger/alert-provider';
import { serviceMetadata } from './metadata';

/**
 * The chat in which Flagger notifies the team of a rollback, with the check that failed, if the catalog names one. The alerting rules report
 * the same through Alertmanager, and they also report what Flagger's notifications miss.
 */
export function alertProvider(scope: Construct, service: ServiceInEnvironment): void {
  if (service.chat === undefined) {
    return;
  }
  new AlertProvider(scope, 'AlertProvider', {
    metadata: serviceMetadata(service, SyncWave.prerequisites, { annotations: syncOptions.deleteLast }),
    chat: service.chat.kind,
    secret: service.chat.secret,
  });
}

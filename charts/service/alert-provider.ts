import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { AlertProvider } from '../flagger/alert-provider';
import { serviceMetadata } from '../kubernetes/metadata';

/**
 * Where the team hears at once that its release was taken back, and by which check. Rules tell the same through Alertmanager, and what
 * Flagger itself tells nobody: they do not go away.
 */
export function alertProvider(scope: Construct, service: ServiceInEnvironment): void {
  if (service.chat === undefined) {
    return;
  }
  new AlertProvider(scope, 'AlertProvider', {
    metadata: serviceMetadata(service, SyncWave.judges),
    chat: service.chat.kind,
    secret: service.chat.secret,
  });
}

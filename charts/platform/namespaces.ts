import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { Namespace } from '../kubernetes/hardened/namespace';

/** Labels of everything that Bowline manages. The admission policy applies to namespaces with these labels. */
export const managedLabels = { 'app.kubernetes.io/managed-by': 'bowline' } as const;

/** One namespace per name, restricted to pods of the restricted security standard (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export function namespaces(scope: Construct, services: readonly ServiceInEnvironment[]): void {
  for (const name of [...new Set(services.map((service) => service.namespace))].sort()) {
    new Namespace(scope, `Namespace-${name}`, {
      metadata: {
        name,
        labels: {
          ...managedLabels,
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/enforce-version': 'latest',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
        annotations: { ...SyncWave.namespaces.annotations, ...syncOptions.confirmDeletion },
      },
    });
  }
}

import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';

/** Says that something is ours: admission holds in namespaces with it. */
export const managed = { 'app.kubernetes.io/managed-by': 'bowline' } as const;

/** One namespace each, where only restricted pods are let in (https://kubernetes.io/docs/concepts/security/pod-security-standards/). */
export function namespaces(scope: Construct, services: readonly ServiceInEnvironment[]): void {
  for (const name of [...new Set(services.map((service) => service.namespace))].sort()) {
    new ApiObject(scope, `Namespace-${name}`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        labels: {
          ...managed,
          'pod-security.kubernetes.io/enforce': 'restricted',
          'pod-security.kubernetes.io/enforce-version': 'latest',
          'pod-security.kubernetes.io/warn': 'restricted',
        },
        annotations: {
          'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
          'argocd.argoproj.io/sync-wave': '-3',
        },
      },
    });
  }
}

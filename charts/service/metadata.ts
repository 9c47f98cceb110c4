import type { ServiceInEnvironment } from '../../lib/catalog';
import type { SyncWave } from '../argocd/sync-wave';
import type { Metadata } from '../kubernetes/metadata';

type ServiceName = Pick<ServiceInEnvironment, 'name'>;

/**
 * Metadata of an object of a service.
 * @param wave when Argo CD applies the object
 * @param additions a name other than that of the service, and further labels and annotations
 */
export function serviceMetadata(
  service: Pick<ServiceInEnvironment, 'name' | 'namespace' | 'team'>,
  wave: SyncWave,
  additions: Partial<Omit<Metadata, 'namespace'>> = {},
): Metadata & { readonly namespace: string } {
  return {
    name: additions.name ?? service.name,
    namespace: service.namespace,
    labels: { ...serviceLabels(service), ...additions.labels },
    annotations: { ...wave.annotations, ...additions.annotations },
  };
}

/** Labels of every object of a service. None of them changes from release to release. */
export function serviceLabels(service: Pick<ServiceInEnvironment, 'name' | 'team'>): Readonly<Record<string, string>> {
  return {
    app: service.name,
    'app.kubernetes.io/name': service.name,
    'app.kubernetes.io/part-of': service.team,
    'app.kubernetes.io/managed-by': 'bowline',
  };
}

/**
 * The one label that selects the pods of the target. Flagger sets it to `<name>-primary` for the primary, and supports exactly one selector
 * label, with one of a few names (pkg/canary/deployment_controller.go).
 */
export function selectorLabels(service: ServiceName): Readonly<Record<string, string>> {
  return { app: service.name };
}

/** The Deployment that Flagger creates from the target, and that serves all traffic between rollouts. */
export function primaryName(service: ServiceName): string {
  return `${service.name}-primary`;
}

/** The label that selects the pods of the primary. */
export function primaryLabels(service: ServiceName): Readonly<Record<string, string>> {
  return { app: primaryName(service) };
}

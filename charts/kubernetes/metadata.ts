import type { ServiceInEnvironment } from '../../lib/catalog';
import type { SyncWave } from '../argocd/sync-wave';
import { serviceLabels } from '../service/metadata';

/** What an object is called, and what is said about it. The name is never left to a hash of the construct's path. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/**
 * Metadata of an object of a service.
 * @param wave when Argo CD applies it
 * @param own what it has beyond that, a name other than the service's among it
 */
export function serviceMetadata(
  service: Pick<ServiceInEnvironment, 'name' | 'namespace' | 'team'>,
  wave: SyncWave,
  own: Partial<Omit<Metadata, 'namespace'>> = {},
): Metadata & { readonly namespace: string } {
  return {
    name: own.name ?? service.name,
    namespace: service.namespace,
    labels: { ...serviceLabels(service), ...own.labels },
    annotations: { ...wave.annotations, ...own.annotations },
  };
}

import { parseAllDocuments } from 'yaml';
import { type KubernetesClient, KubernetesError } from './client';

/** The fields that every object has. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Cluster-scoped kinds among those that the lab and the charts apply. */
const clusterScopedKinds = new Set([
  'Namespace',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'GatewayClass',
  'PriorityClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]);

/** The plural in an object's API path. The rules of English hold for every kind that the lab applies. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') {
    return lower;
  }
  if (/(?:s|x|ch)$/.test(lower)) {
    return `${lower}es`;
  }
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** The API path of an object. */
export function objectPath({ apiVersion, kind, metadata }: KubernetesObject): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = clusterScopedKinds.has(kind) ? '' : `/namespaces/${metadata.namespace ?? 'default'}`;
  return `${root}${namespace}/${pluralOf(kind)}/${metadata.name}`;
}

/** Parses the objects in a YAML text, and skips empty documents. @throws Error if the YAML is invalid */
export function parseObjects(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => {
      if (document.errors[0] !== undefined) {
        throw document.errors[0];
      }
      return document.toJS() as KubernetesObject | null;
    })
    .filter((object): object is KubernetesObject => object !== null);
}

/** Applies objects in sequence. Retries while the API server does not serve a new kind yet. */
export async function applyAll(client: KubernetesClient, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    await retryUnknownKind(() => client.apply(objectPath(object), JSON.stringify(object)));
  }
}

async function retryUnknownKind(work: () => Promise<void>): Promise<void> {
  for (const deadline = Date.now() + 15_000; ; ) {
    try {
      return await work();
    } catch (error) {
      const isUnknownKind = error instanceof KubernetesError && error.status === 404;
      if (!isUnknownKind || Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

import { createHash } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

export type CheckovFramework = 'dockerfile' | 'kubernetes';

/** A file that checkov checks, and what its report must have about it. */
export interface CheckovFile {
  readonly path: string;
  readonly framework: CheckovFramework;
  readonly sha1: string;
  /** The documents of a manifest file, as checkov names them: `Namespace.default.shop`. */
  readonly resources: readonly string[];
  /** Whether checkov has a check for any of its kinds. Then the report must have at least one check. */
  readonly hasChecks: boolean;
}

export type CheckovFilesResult =
  | { readonly ok: true; readonly files: readonly CheckovFile[] }
  | { readonly ok: false; readonly message: string };

/**
 * The kinds that checkov has checks for: the column "Entity" of `checkov --list --framework kubernetes`. A test compares them with the pinned
 * version of checkov.
 */
export const kindsWithChecks: ReadonlySet<string> = new Set([
  'AdmissionConfiguration',
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'CronJob',
  'DaemonSet',
  'Deployment',
  'DeploymentConfig',
  'Ingress',
  'Job',
  'Pod',
  'PodSecurityPolicy',
  'PodTemplate',
  'ReplicaSet',
  'ReplicationController',
  'Role',
  'RoleBinding',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
]);

/** Parses the files before checkov does: checkov silently ignores a file that it does not recognize as a manifest (`kubernetes/parser/parser.py`). */
export function parseCheckovInput(files: ReadonlyMap<string, string>): CheckovFilesResult {
  const parsed: CheckovFile[] = [];
  for (const [path, text] of files) {
    const sha1 = createHash('sha1').update(text).digest('hex');
    if (path === 'Dockerfile') {
      parsed.push({ path, framework: 'dockerfile', sha1, resources: [], hasChecks: true });
      continue;
    }
    const manifest = readManifest(text);
    if (!manifest.ok) {
      return { ok: false, message: `${path}: expected Kubernetes manifests, found ${manifest.found}` };
    }
    parsed.push({
      path,
      framework: 'kubernetes',
      sha1,
      resources: manifest.documents.map(checkovResourceName),
      hasChecks: manifest.documents.some(({ kind }) => kindsWithChecks.has(kind)),
    });
  }
  return { ok: true, files: parsed };
}

const documentSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
});

type ManifestDocument = z.output<typeof documentSchema>;

type Manifest =
  | { readonly ok: true; readonly documents: readonly ManifestDocument[] }
  | { readonly ok: false; readonly found: string };

function readManifest(text: string): Manifest {
  const documents: ManifestDocument[] = [];
  for (const document of parseAllDocuments(text)) {
    const [error] = document.errors;
    if (error !== undefined) {
      return { ok: false, found: error.message.split('\n')[0] as string };
    }
    const json: unknown = document.toJS();
    // An empty document: two separators in a row, or one at the end.
    if (json === null) {
      continue;
    }
    for (const item of itemsOf(json)) {
      const parsed = documentSchema.safeParse(item);
      if (!parsed.success) {
        return { ok: false, found: `a document without ${parsed.error.issues[0]?.path.join('.') || 'any key'}` };
      }
      documents.push(parsed.data);
    }
  }
  return documents.length === 0 ? { ok: false, found: 'no document' } : { ok: true, documents };
}

const listSchema = z.looseObject({ kind: z.literal('List'), items: z.array(z.unknown()) });

/** checkov checks each item of a `List`. */
function itemsOf(json: unknown): readonly unknown[] {
  const list = listSchema.safeParse(json);
  return list.success ? list.data.items : [json];
}

/** As `get_resource_id` in checkov's `kubernetes/kubernetes_utils.py`. */
function checkovResourceName({ kind, metadata }: ManifestDocument): string {
  return `${kind}.${metadata.namespace ?? 'default'}.${metadata.name}`;
}

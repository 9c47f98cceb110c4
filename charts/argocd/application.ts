import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { argocd } from '../kubernetes/manifest';

/** A folder of plain YAML in git. */
export interface GitSource {
  readonly repository: string;
  readonly branch: string;
  readonly path: string;
  /** Which files of the folder. @default all */
  readonly files?: { readonly only: readonly string[] } | { readonly allBut: readonly string[] };
}

/** A chart at one version, with its values. */
export interface HelmSource {
  readonly repository: string;
  readonly chart: string;
  /** Exact: a range would let two syncs of one commit differ. */
  readonly version: string;
  /** Name of the Helm release: the chart makes names and labels of it. Without one Argo CD takes the Application's name. */
  readonly release: string;
  readonly values: object;
}

export interface ApplicationProps {
  readonly name: string;
  /** Namespace that Argo CD watches. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly project: string;
  readonly source: GitSource | HelmSource;
  readonly destination: { readonly server: string; readonly namespace: string };
  /** Whether nothing at all may be what is wanted. @default false */
  readonly allowEmpty?: boolean;
  /** Make the namespace. @default false: the ledger has it, with its labels */
  readonly createNamespace?: boolean;
}

/**
 * An Argo CD Application.
 * Server-side apply leaves to Flagger and the autoscaler the fields that are theirs; a change elsewhere in the repository does not refresh it.
 */
export class Application extends ApiObject {
  constructor(scope: Construct, id: string, props: ApplicationProps) {
    const { source } = props;
    super(scope, id, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: {
          ...('path' in source ? { 'argocd.argoproj.io/manifest-generate-paths': `/${source.path}` } : {}),
          ...props.annotations,
          ...argocd.confirmDeletion,
        },
      },
      spec: {
        project: props.project,
        source: sourceOf(source),
        destination: { server: props.destination.server, namespace: props.destination.namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true, ...(props.allowEmpty === true ? { allowEmpty: true } : {}) },
          syncOptions: [
            'ServerSideApply=true',
            'RespectIgnoreDifferences=true',
            'ApplyOutOfSyncOnly=true',
            'SkipDryRunOnMissingResource=true',
            'PruneLast=true',
            ...(props.createNamespace === true ? ['CreateNamespace=true'] : []),
          ],
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' } },
        },
      },
    });
  }
}

function sourceOf(source: GitSource | HelmSource): object {
  return 'chart' in source
    ? {
        repoURL: source.repository,
        chart: source.chart,
        targetRevision: source.version,
        helm: { releaseName: source.release, valuesObject: source.values },
      }
    : {
        repoURL: source.repository,
        targetRevision: `refs/heads/${source.branch}`,
        path: source.path,
        ...(source.files === undefined
          ? {}
          : {
              directory:
                'only' in source.files
                  ? { include: oneOf(source.files.only) }
                  : { exclude: oneOf(source.files.allBut) },
            }),
      };
}

/** Files as Argo CD names several (https://argo-cd.readthedocs.io/en/stable/user-guide/directory/). */
function oneOf(files: readonly string[]): string {
  return `{${files.join(',')}}`;
}

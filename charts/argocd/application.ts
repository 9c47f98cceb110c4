import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import type { Source } from './source';
import { syncOptions } from './sync-options';

/** Properties of an {@link Application}. */
export interface ApplicationProps {
  /**
   * Whether everything that left git is deleted after all other objects are healthy. That includes the objects that Argo CD keeps: while one
   * of them exists, every sync waits, and no other commit is applied meanwhile (argo-cd, gitops-engine/pkg/sync/sync_context.go, getSyncTasks).
   * @default true
   */
  readonly pruneLast?: boolean;
  /** The namespace is one that Argo CD watches for Applications. */
  readonly metadata: Metadata & { readonly namespace: string };
  /** Name of the AppProject. */
  readonly project: string;
  readonly source: Source;
  readonly destination: Destination;
  /** Whether Argo CD may delete all objects because the source has none. @default false */
  readonly allowEmpty?: boolean;
  /** Whether Argo CD creates the namespace. @default false, because the ledger contains the namespace with its labels */
  readonly createNamespace?: boolean;
}

/** A namespace of a cluster. */
export interface Destination {
  /** URL of the cluster's API. */
  readonly server: string;
  readonly namespace: string;
}

/**
 * An Argo CD Application that syncs, prunes and heals by itself. Server-side apply leaves the fields of Flagger and the autoscaler alone.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
 */
export class Application extends ApiObject {
  constructor(scope: Construct, id: string, props: ApplicationProps) {
    const { metadata, project, source, destination } = props;
    super(scope, id, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        ...metadata,
        annotations: {
          ...source.annotations,
          ...metadata.annotations,
          ...syncOptions.confirmDeletion,
          // Argo CD asks the API server what a sync would change, so that fields which the server defaults are no difference.
          // https://argo-cd.readthedocs.io/en/stable/user-guide/diff-strategies/
          'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
        },
      },
      spec: {
        project,
        source: source.spec,
        destination: { server: destination.server, namespace: destination.namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true, ...(props.allowEmpty === true ? { allowEmpty: true } : {}) },
          syncOptions: [
            'ServerSideApply=true',
            'RespectIgnoreDifferences=true',
            'ApplyOutOfSyncOnly=true',
            'SkipDryRunOnMissingResource=true',
            ...(props.pruneLast === false ? [] : ['PruneLast=true']),
            ...(props.createNamespace === true ? ['CreateNamespace=true'] : []),
          ],
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' } },
        },
      },
    });
  }
}

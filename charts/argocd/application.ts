import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import type { Source } from './source';
import { syncOptions } from './sync-options';

export interface ApplicationProps {
  /** Its namespace is one that Argo CD watches. */
  readonly metadata: Metadata & { readonly namespace: string };
  readonly project: string;
  readonly source: Source;
  readonly destination: Destination;
  /** Whether nothing at all may be what is wanted. @default false */
  readonly allowEmpty?: boolean;
  /** Make the namespace. @default false: the ledger has it, with its labels */
  readonly createNamespace?: boolean;
}

/** A namespace of a cluster. */
export interface Destination {
  /** URL of the cluster's API. */
  readonly server: string;
  readonly namespace: string;
}

/** An Argo CD Application. Server-side apply leaves to Flagger and the autoscaler the fields that are theirs. */
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
          // The API server says what a sync would change: what it fills in by itself is no difference.
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
            'PruneLast=true',
            ...(props.createNamespace === true ? ['CreateNamespace=true'] : []),
          ],
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' } },
        },
      },
    });
  }
}

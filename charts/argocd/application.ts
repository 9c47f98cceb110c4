import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { argocd } from '../kubernetes/manifest';

export interface ApplicationProps {
  readonly name: string;
  /** Namespace that Argo CD watches. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly project: string;
  readonly repository: string;
  readonly branch: string;
  readonly path: string;
  readonly destination: { readonly server: string; readonly namespace: string };
}

/**
 * An Argo CD Application over a folder of plain YAML.
 * Server-side apply leaves to Flagger and the autoscaler the fields that are theirs; a change elsewhere in the repository does not refresh it.
 */
export class Application extends ApiObject {
  constructor(scope: Construct, id: string, props: ApplicationProps) {
    super(scope, id, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: { 'argocd.argoproj.io/manifest-generate-paths': `/${props.path}`, ...argocd.confirmDeletion },
      },
      spec: {
        project: props.project,
        source: { repoURL: props.repository, targetRevision: `refs/heads/${props.branch}`, path: props.path },
        destination: { server: props.destination.server, namespace: props.destination.namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: [
            'ServerSideApply=true',
            'RespectIgnoreDifferences=true',
            'ApplyOutOfSyncOnly=true',
            'SkipDryRunOnMissingResource=true',
            'PruneLast=true',
          ],
          retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '1m' } },
        },
      },
    });
  }
}

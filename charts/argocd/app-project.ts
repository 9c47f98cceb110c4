import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface AppProjectProps {
  readonly name: string;
  readonly namespace: string;
  readonly description: string;
  /** Where its Applications may come from. */
  readonly repositories: readonly string[];
  readonly destinations: readonly { readonly server: string; readonly namespace: string }[];
  /** Kinds in namespaces that may come. */
  readonly kinds: readonly GroupKind[];
  /** Kinds of the whole cluster that may come. @default none */
  readonly clusterKinds?: readonly GroupKind[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What may be brought into a cluster, from where, and where to: nothing that is not named. */
export class AppProject extends ApiObject {
  constructor(scope: Construct, id: string, props: AppProjectProps) {
    super(scope, id, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        ...(props.annotations === undefined ? {} : { annotations: { ...props.annotations } }),
      },
      spec: {
        description: props.description,
        sourceRepos: [...props.repositories],
        destinations: props.destinations.map(({ server, namespace }) => ({ server, namespace })),
        clusterResourceWhitelist: (props.clusterKinds ?? []).map(({ group, kind }) => ({ group, kind })),
        namespaceResourceWhitelist: props.kinds.map(({ group, kind }) => ({ group, kind })),
      },
    });
  }
}

import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import type { Destination } from './application';

export interface GroupKind {
  /** The API's group; empty for that of pods and ConfigMaps. */
  readonly group: string;
  readonly kind: string;
}

/** Every kind of every group. */
export const anyKind: GroupKind = { group: '*', kind: '*' };

export interface AppProjectProps {
  /** Its namespace is Argo CD's. */
  readonly metadata: Metadata & { readonly namespace: string };
  readonly description: string;
  /** Where its Applications may come from. */
  readonly repositories: readonly string[];
}

/** What may be brought into a cluster, from where, and where to: nothing that nobody has allowed. */
export class AppProject extends ApiObject {
  private readonly destinations: Destination[];
  private readonly clusterKinds: GroupKind[];
  private readonly kinds: GroupKind[];

  constructor(scope: Construct, id: string, { metadata, description, repositories }: AppProjectProps) {
    const destinations: Destination[] = [];
    const clusterKinds: GroupKind[] = [];
    const kinds: GroupKind[] = [];
    super(scope, id, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata,
      spec: {
        description,
        sourceRepos: [...repositories],
        destinations,
        clusterResourceWhitelist: clusterKinds,
        namespaceResourceWhitelist: kinds,
      },
    });
    this.destinations = destinations;
    this.clusterKinds = clusterKinds;
    this.kinds = kinds;
  }

  /** Lets it bring these kinds into namespaces. */
  allow(...kinds: readonly GroupKind[]): void {
    this.kinds.push(...kinds.map(({ group, kind }) => ({ group, kind })));
  }

  /** Lets it bring these kinds, which are of no namespace but of the cluster. */
  allowClusterWide(...kinds: readonly GroupKind[]): void {
    this.clusterKinds.push(...kinds.map(({ group, kind }) => ({ group, kind })));
  }

  /** Lets it bring them there. @param to a namespace of `*` is all of them */
  deployTo(...to: readonly Destination[]): void {
    this.destinations.push(...to.map(({ server, namespace }) => ({ server, namespace })));
  }
}

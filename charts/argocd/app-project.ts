import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import type { Destination } from './application';

/** A kind of Kubernetes objects. */
export interface GroupKind {
  /** API group. Empty for the core group, which has pods and ConfigMaps. */
  readonly group: string;
  readonly kind: string;
}

/** Every kind of every group. */
export const anyKind: GroupKind = { group: '*', kind: '*' };

/** Properties of an {@link AppProject}. */
export interface AppProjectProps {
  /** The namespace is that of Argo CD. */
  readonly metadata: Metadata & { readonly namespace: string };
  /** Shown by Argo CD. */
  readonly description: string;
  /** URLs of the repositories that Applications of the project may use. */
  readonly repositories: readonly string[];
}

/**
 * An Argo CD AppProject: the kinds that its Applications may deploy, from which repositories, and to which namespaces. It starts with no kinds
 * and no destinations.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/projects/
 */
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

  /** Allows namespaced kinds. */
  allowKinds(...kinds: readonly GroupKind[]): void {
    this.kinds.push(...kinds.map(({ group, kind }) => ({ group, kind })));
  }

  /** Allows cluster-scoped kinds. */
  allowClusterKinds(...kinds: readonly GroupKind[]): void {
    this.clusterKinds.push(...kinds.map(({ group, kind }) => ({ group, kind })));
  }

  /** Allows destinations. The namespace `*` stands for all namespaces of the cluster. */
  allowDestinations(...destinations: readonly Destination[]): void {
    this.destinations.push(...destinations.map(({ server, namespace }) => ({ server, namespace })));
  }
}

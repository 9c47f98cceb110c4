import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { patchManifest } from './patch-manifest';

/** Properties of a {@link PodDisruptionBudget}. */
export interface PodDisruptionBudgetProps {
  readonly metadata: Metadata;
  /** Labels that select the pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** How many of the pods may be unavailable at a time. */
  readonly maxUnavailable: number;
}

/**
 * A PodDisruptionBudget that limits how many pods may be unavailable. It has no `minAvailable`, because with a single replica that would block
 * every node drain. It extends the generated kind of cdk8s-plus-27, which has no defaults; the package has no construct for it.
 */
export class PodDisruptionBudget extends k8s.KubePodDisruptionBudget {
  constructor(scope: Construct, id: string, props: PodDisruptionBudgetProps) {
    super(scope, id, {
      metadata: props.metadata,
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(props.maxUnavailable),
        selector: { matchLabels: { ...props.podLabels } },
        // A pod that is not ready serves no requests, so it must not block a node drain (Kubernetes 1.27).
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
    patchManifest(this);
  }
}

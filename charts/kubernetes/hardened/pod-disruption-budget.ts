import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { correct } from './patch-manifest';

export interface PodDisruptionBudgetProps {
  readonly metadata: Metadata;
  /** Labels of the pods that it guards. */
  readonly pods: Readonly<Record<string, string>>;
  /** How many of them may leave at a time. */
  readonly maxUnavailable: number;
}

/**
 * Says how many pods may leave at a time, never how many must stay: with one replica the latter holds up every drain for ever.
 * Of cdk8s-plus-27 the generated kind, which has no defaults: it has no construct of its own for it.
 */
export class PodDisruptionBudget extends k8s.KubePodDisruptionBudget {
  constructor(scope: Construct, id: string, props: PodDisruptionBudgetProps) {
    super(scope, id, {
      metadata: props.metadata,
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(props.maxUnavailable),
        selector: { matchLabels: { ...props.pods } },
        // A pod that is not ready serves nobody: it must not keep a node from being drained (Kubernetes 1.27).
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    });
    correct(this);
  }
}

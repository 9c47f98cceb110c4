import { Metric, MetricTarget, HorizontalPodAutoscaler as PlusHorizontalPodAutoscaler } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Percent } from '../../values/percent';
import type { Metadata } from '../metadata';
import { removalPatches } from './overridden-defaults';
import { patchManifest } from './patch-manifest';

/** Properties of a {@link HorizontalPodAutoscaler}. */
export interface HorizontalPodAutoscalerProps {
  readonly metadata: Metadata;
  /** Name of the Deployment to scale. */
  readonly deployment: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Target for the average CPU usage of the pods, as a percentage of what they request. */
  readonly cpu: Percent;
}

/** Scales a Deployment by its CPU usage, with the scaling behavior that Kubernetes defaults to. */
export class HorizontalPodAutoscaler extends PlusHorizontalPodAutoscaler {
  constructor(scope: Construct, id: string, props: HorizontalPodAutoscalerProps) {
    super(scope, id, {
      metadata: props.metadata,
      target: deploymentTarget(props.deployment),
      minReplicas: props.minReplicas,
      maxReplicas: props.maxReplicas,
      metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(props.cpu.value))],
    });
    patchManifest(this.apiObject, removalPatches('HorizontalPodAutoscaler'));
  }
}

/** Refers to a Deployment by name. Our Deployments never set replicas, so there is nothing to mark. */
function deploymentTarget(name: string) {
  return {
    hasAutoscaler: true,
    markHasAutoscaler: () => undefined,
    toScalingTarget: () => ({ apiVersion: 'apps/v1', kind: 'Deployment', name, containers: [] }),
  };
}

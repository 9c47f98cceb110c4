import { Metric, MetricTarget, HorizontalPodAutoscaler as PlusHorizontalPodAutoscaler } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Percent } from '../../values/percent';
import type { Metadata } from '../metadata';
import { removals } from './overridden-defaults';
import { correct } from './patch-manifest';

export interface HorizontalPodAutoscalerProps {
  readonly metadata: Metadata;
  /** Name of the Deployment that it scales. */
  readonly deployment: string;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Use of the requested CPU that it keeps pods at. */
  readonly cpu: Percent;
}

/** Scales a Deployment by the CPU that it uses, as fast as Kubernetes itself thinks right. */
export class HorizontalPodAutoscaler extends PlusHorizontalPodAutoscaler {
  constructor(scope: Construct, id: string, props: HorizontalPodAutoscalerProps) {
    super(scope, id, {
      metadata: props.metadata,
      target: deploymentNamed(props.deployment),
      minReplicas: props.minReplicas,
      maxReplicas: props.maxReplicas,
      metrics: [Metric.resourceCpu(MetricTarget.averageUtilization(props.cpu.value))],
    });
    correct(this.apiObject, removals('HorizontalPodAutoscaler'));
  }
}

/** A Deployment of another file, by name. Ours never have replicas of their own. */
function deploymentNamed(name: string) {
  return {
    hasAutoscaler: true,
    markHasAutoscaler: () => undefined,
    toScalingTarget: () => ({ apiVersion: 'apps/v1', kind: 'Deployment', name, containers: [] }),
  };
}

import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { gatewayReference } from '../gateway/http-route';

export interface CanaryMetric {
  readonly name: string;
  readonly template: string;
  /** Largest value that passes. */
  readonly max: number;
  /** Window of the query. Never left out: without it the query of a template renders an empty window and always fails. */
  readonly windowSeconds: number;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface CanaryWebhook {
  readonly name: string;
  readonly type:
    | 'confirm-rollout'
    | 'pre-rollout'
    | 'rollout'
    | 'confirm-traffic-increase'
    | 'confirm-promotion'
    | 'post-rollout'
    | 'rollback'
    | 'event';
  readonly url: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface CanaryProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly port: number;
  readonly hostname: string;
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly progressDeadlineSeconds: number;
  readonly intervalSeconds: number;
  readonly threshold: number;
  /** Weights in percent; empty for blue-green. */
  readonly steps: readonly number[];
  /** Checks of a blue-green rollout. */
  readonly iterations?: number;
  readonly metrics: readonly CanaryMetric[];
  readonly webhooks?: readonly CanaryWebhook[];
}

/**
 * A Flagger Canary of a Deployment, through the Gateway API (`gatewayapi:v1`), or blue-green by the cluster's own Services (`kubernetes`).
 * @see https://docs.flagger.app/usage/how-it-works
 */
export class Canary extends ApiObject {
  constructor(scope: Construct, id: string, props: CanaryProps) {
    const weighted = props.steps.length > 0;
    super(scope, id, {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: { ...props.annotations },
      },
      spec: {
        provider: weighted ? 'gatewayapi:v1' : 'kubernetes',
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: props.name },
        autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: props.name },
        progressDeadlineSeconds: props.progressDeadlineSeconds,
        // Without it, deleting the Canary leaves the target at no replicas while the primary goes with it.
        revertOnDeletion: true,
        service: {
          port: props.port,
          targetPort: props.port,
          portName: 'http',
          ...(weighted
            ? {
                hosts: [props.hostname],
                gatewayRefs: [gatewayReference(props.gateway)],
              }
            : {}),
        },
        analysis: {
          interval: `${props.intervalSeconds}s`,
          threshold: props.threshold,
          ...(weighted ? { stepWeights: [...props.steps] } : { iterations: props.iterations }),
          metrics: props.metrics.map((metric) => ({
            name: metric.name,
            interval: `${metric.windowSeconds}s`,
            templateRef: { name: metric.template, namespace: props.namespace },
            thresholdRange: { max: metric.max },
            ...(metric.variables === undefined ? {} : { templateVariables: { ...metric.variables } }),
          })),
          ...(props.webhooks === undefined || props.webhooks.length === 0
            ? {}
            : {
                webhooks: props.webhooks.map((hook) => ({
                  name: hook.name,
                  type: hook.type,
                  url: hook.url,
                  // A hook is asked inside of the check: one that hangs would hold up the rollback.
                  timeout: '2s',
                  ...(hook.metadata === undefined ? {} : { metadata: { ...hook.metadata } }),
                })),
              }),
        },
      },
    });
  }
}

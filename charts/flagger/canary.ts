import { ApiObject, type Duration, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { shortestIntervalSeconds } from '../../lib/rollout';
import { type GatewayName, gatewayReference } from '../gateway/http-route';
import type { Metadata } from '../kubernetes/metadata';
import { wholeNumber } from '../values/whole-number';
import { wholeSeconds } from '../values/whole-seconds';
import type { StepWeights } from './step-weights';
import type { ThresholdRange } from './threshold-range';
import type { Webhook } from './webhook';

export interface CanaryProps {
  /** Its name is that of the Deployment that it releases, and of the autoscaler that scales it. */
  readonly metadata: Metadata & { readonly namespace: string };
  readonly port: number;
  /** How long pods may take to get ready. */
  readonly progressDeadline: Duration;
  /** Time between two checks. Ten seconds at least: Flagger takes less for that. */
  readonly interval: Duration;
  /** Failed checks that take a release back, in the whole rollout: a passed one forgives nothing. */
  readonly threshold: number;
}

export interface GatewayApiProps extends CanaryProps {
  readonly hostname: string;
  readonly gateway: GatewayName;
  readonly steps: StepWeights;
}

export interface BlueGreenProps extends CanaryProps {
  /** Checks before all traffic moves at once. */
  readonly iterations: number;
}

export interface CanaryMetric {
  readonly name: string;
  /** Name of a MetricTemplate in the same namespace. */
  readonly template: string;
  readonly range: ThresholdRange;
  /** Window of the query. Never left out: without it the query of a template renders an empty window and always fails. */
  readonly window: Duration;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface CanaryAlert {
  readonly name: string;
  /** From what on: `error` is a release that was taken back. */
  readonly severity: 'info' | 'warn' | 'error';
  /** Name of an AlertProvider in the same namespace. */
  readonly provider: string;
}

/** How the traffic gets from the old version to the new one: what is beyond the rest. */
interface Routing {
  readonly provider: string;
  readonly service: object;
  readonly analysis: object;
}

/** A Flagger Canary of a Deployment. @see https://docs.flagger.app/usage/how-it-works */
export class Canary extends ApiObject {
  /** Moves the traffic of a host by weights, through the HTTPRoute that Flagger makes at a Gateway. */
  static gatewayApi(scope: Construct, id: string, props: GatewayApiProps): Canary {
    return new Canary(scope, id, props, {
      provider: 'gatewayapi:v1',
      service: { hosts: [props.hostname], gatewayRefs: [gatewayReference(props.gateway)] },
      analysis: { stepWeights: [...props.steps.weights] },
    });
  }

  /** Moves all traffic at once when all checks have passed, by the cluster's own Services. */
  static blueGreen(scope: Construct, id: string, props: BlueGreenProps): Canary {
    return new Canary(scope, id, props, {
      provider: 'kubernetes',
      service: {},
      analysis: { iterations: wholeNumber('iterations', props.iterations, 1) },
    });
  }

  private readonly namespace: string;
  private readonly metrics: object[];
  private readonly webhooks: object[];
  private readonly alerts: object[];

  private constructor(scope: Construct, id: string, props: CanaryProps, routing: Routing) {
    const { name, namespace } = props.metadata;
    const metrics: object[] = [];
    const webhooks: object[] = [];
    const alerts: object[] = [];
    super(scope, id, {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: props.metadata,
      spec: {
        provider: routing.provider,
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name },
        progressDeadlineSeconds: wholeNumber('progressDeadline', props.progressDeadline.toSeconds(), 1),
        // Without it, deleting the Canary leaves the target at no replicas while the primary goes with it.
        revertOnDeletion: true,
        service: { port: props.port, targetPort: props.port, portName: 'http', ...routing.service },
        analysis: {
          interval: wholeSeconds('interval', props.interval, shortestIntervalSeconds),
          threshold: wholeNumber('threshold', props.threshold, 1),
          ...routing.analysis,
          metrics,
          webhooks: unlessEmpty(webhooks),
          alerts: unlessEmpty(alerts),
        },
      },
    });
    this.namespace = namespace;
    this.metrics = metrics;
    this.webhooks = webhooks;
    this.alerts = alerts;
    this.node.addValidation({
      validate: () => (metrics.length === 0 ? [`'metrics' () of the Canary ${name} must name one at least`] : []),
    });
  }

  /** A release that is out of the metric's range fails the check. */
  judgeBy(metric: CanaryMetric): void {
    this.metrics.push({
      name: metric.name,
      interval: wholeSeconds('window', metric.window),
      templateRef: { name: metric.template, namespace: this.namespace },
      thresholdRange: metric.range.range,
      ...(metric.variables === undefined ? {} : { templateVariables: { ...metric.variables } }),
    });
  }

  /** Has somebody asked or told. */
  call(webhook: Webhook): void {
    this.webhooks.push(webhook.toSpec());
  }

  /** Has people told. */
  alert({ name, severity, provider }: CanaryAlert): void {
    this.alerts.push({ name, severity, providerRef: { name: provider, namespace: this.namespace } });
  }
}

/** A list that verbs may still add to; left out where nobody has. */
function unlessEmpty(list: readonly object[]): Lazy {
  return Lazy.any({ produce: () => (list.length === 0 ? undefined : list) });
}

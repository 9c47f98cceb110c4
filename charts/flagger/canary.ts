import { ApiObject, type Duration, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { shortestIntervalSeconds } from '../../lib/rollout';
import { type GatewayName, gatewayReference } from '../gateway/http-route';
import type { Metadata } from '../kubernetes/metadata';
import { requireWholeNumber } from '../values/whole-number';
import { formatWholeSeconds } from '../values/whole-seconds';
import type { StepWeights } from './step-weights';
import type { ThresholdRange } from './threshold-range';
import type { Webhook } from './webhook';

/** Properties of every {@link Canary}. */
export interface CanaryProps {
  /** The name is that of the Deployment that the Canary releases, and of the HorizontalPodAutoscaler that scales it. */
  readonly metadata: Metadata & { readonly namespace: string };
  /** Port of the service and of its pods. */
  readonly port: number;
  /** What the Services say about the protocol of the port, such as `kubernetes.io/h2c` (KEP-3726). @default HTTP/1.1 */
  readonly appProtocol?: string;
  /** Whether the Services have every port of the container, not only that of the requests. @default false */
  readonly portDiscovery?: boolean;
  /** How long pods may take to become ready before Flagger rolls the release back. */
  readonly progressDeadline: Duration;
  /** Time between two checks. At least ten seconds: Flagger replaces shorter intervals by ten seconds. */
  readonly interval: Duration;
  /** Number of failed checks after which Flagger rolls the release back. It counts over the whole rollout; a passed check does not reset it. */
  readonly threshold: number;
}

/** Properties of a Canary that shifts traffic by weights at a Gateway. */
export interface GatewayApiProps extends CanaryProps {
  /** Host whose requests the HTTPRoute takes. */
  readonly hostname: string;
  /** The Gateway that the HTTPRoute attaches to. */
  readonly gateway: GatewayName;
  /** Weights of the canary, one check each. */
  readonly steps: StepWeights;
}

/** Properties of a blue-green Canary. */
export interface BlueGreenProps extends CanaryProps {
  /** Number of checks that must pass before all traffic moves. */
  readonly iterations: number;
}

/** A metric that a Canary checks. */
export interface CanaryMetric {
  /** Name of the metric in events and notifications. */
  readonly name: string;
  /** Name of a MetricTemplate in the namespace of the Canary. */
  readonly template: string;
  /** Values that pass the check. */
  readonly range: ThresholdRange;
  /** Window of the query. Required: without it, Flagger renders the query of a template with an empty window, and every check fails. */
  readonly window: Duration;
  /** Variables of the template, beyond those of Flagger. @default none */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A notification about a rollout. */
export interface CanaryAlert {
  readonly name: string;
  /** Lowest severity to notify about. `error` is a rollback. */
  readonly severity: 'info' | 'warn' | 'error';
  /** Name of an AlertProvider in the namespace of the Canary. */
  readonly provider: string;
}

/** The fields of a Canary that depend on how traffic moves from the old version to the new one. */
interface Routing {
  readonly provider: string;
  readonly service: object;
  readonly analysis: object;
}

/** A Flagger Canary that releases a Deployment. @see https://docs.flagger.app/usage/how-it-works */
export class Canary extends ApiObject {
  /** A Canary that shifts the traffic of a host by weights, through an HTTPRoute that Flagger creates at a Gateway. */
  static gatewayApi(scope: Construct, id: string, props: GatewayApiProps): Canary {
    return new Canary(scope, id, props, {
      provider: 'gatewayapi:v1',
      service: { hosts: [props.hostname], gatewayRefs: [gatewayReference(props.gateway)] },
      analysis: { stepWeights: [...props.steps.weights] },
    });
  }

  /** A Canary that moves all traffic at once after all checks have passed, through the Services of the cluster. */
  static blueGreen(scope: Construct, id: string, props: BlueGreenProps): Canary {
    return new Canary(scope, id, props, {
      provider: 'kubernetes',
      service: {},
      analysis: { iterations: requireWholeNumber('iterations', props.iterations, 1) },
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
        progressDeadlineSeconds: requireWholeNumber('progressDeadline', props.progressDeadline.toSeconds(), 1),
        // Without it, deleting the Canary deletes the primary and leaves the target at zero replicas.
        revertOnDeletion: true,
        service: {
          port: props.port,
          targetPort: props.port,
          portName: 'http',
          appProtocol: props.appProtocol,
          portDiscovery: props.portDiscovery,
          ...routing.service,
        },
        analysis: {
          interval: formatWholeSeconds('interval', props.interval, shortestIntervalSeconds),
          threshold: requireWholeNumber('threshold', props.threshold, 1),
          ...routing.analysis,
          metrics,
          webhooks: omitIfEmpty(webhooks),
          alerts: omitIfEmpty(alerts),
        },
      },
    });
    this.namespace = namespace;
    this.metrics = metrics;
    this.webhooks = webhooks;
    this.alerts = alerts;
    this.node.addValidation({
      validate: () =>
        metrics.length === 0 ? [`'metrics' of the Canary ${name} must contain at least one metric, got: none`] : [],
    });
  }

  /** Adds a metric. A value out of its range fails the check, and so does an empty result. */
  addMetric({ name, template, range, window, variables }: CanaryMetric): void {
    this.metrics.push({
      name,
      interval: formatWholeSeconds('window', window),
      templateRef: { name: template, namespace: this.namespace },
      thresholdRange: range.range,
      templateVariables: variables,
    });
  }

  /** Adds a webhook that Flagger calls during a rollout. */
  addWebhook(webhook: Webhook): void {
    this.webhooks.push(webhook.toSpec());
  }

  /** Adds a notification. */
  addAlert({ name, severity, provider }: CanaryAlert): void {
    this.alerts.push({ name, severity, providerRef: { name: provider, namespace: this.namespace } });
  }
}

/** A list that is read at synthesis, because methods add to it after construction. An empty list leaves the field out. */
function omitIfEmpty(list: readonly object[]): Lazy {
  return Lazy.any({ produce: () => (list.length === 0 ? undefined : list) });
}

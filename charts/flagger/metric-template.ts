import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface MetricTemplateProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** URL of Prometheus. */
  readonly prometheus: string;
  /** PromQL with Flagger's variables: `{{ target }}`, `{{ namespace }}`, `{{ interval }}`. */
  readonly query: string;
}

/** A query that a Canary is judged by. Own ones, since Flagger's built-in queries for the Gateway API ask for labels that Prometheus Operator does not set. */
export class MetricTemplate extends ApiObject {
  constructor(scope: Construct, id: string, props: MetricTemplateProps) {
    super(scope, id, {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'MetricTemplate',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: { ...props.annotations },
      },
      spec: { provider: { type: 'prometheus', address: props.prometheus }, query: props.query },
    });
  }
}

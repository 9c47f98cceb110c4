import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';

export interface PrometheusTemplateProps {
  readonly metadata: Metadata;
  /** URL of Prometheus. */
  readonly address: string;
  /** PromQL with Flagger's variables: `{{ target }}`, `{{ namespace }}`, `{{ interval }}`. */
  readonly query: string;
}

/** A query that a Canary is judged by. Own ones, since Flagger's built-in queries for the Gateway API ask for labels that Prometheus Operator does not set. */
export class MetricTemplate extends ApiObject {
  /** A query that Prometheus answers. */
  static prometheus(
    scope: Construct,
    id: string,
    { metadata, address, query }: PrometheusTemplateProps,
  ): MetricTemplate {
    return new MetricTemplate(scope, id, metadata, { provider: { type: 'prometheus', address }, query });
  }

  private constructor(scope: Construct, id: string, metadata: Metadata, spec: object) {
    super(scope, id, { apiVersion: 'flagger.app/v1beta1', kind: 'MetricTemplate', metadata, spec });
  }
}

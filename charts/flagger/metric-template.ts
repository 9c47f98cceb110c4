import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';

/** Properties of a MetricTemplate that queries Prometheus. */
export interface PrometheusTemplateProps {
  readonly metadata: Metadata;
  /** URL of Prometheus. */
  readonly address: string;
  /** HTTP headers of each query. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Secret in the namespace of the template with `username` and `password`, or `token`. @default no credentials */
  readonly secret?: string;
  /** PromQL with the variables of Flagger: `{{ target }}`, `{{ namespace }}`, `{{ interval }}`. */
  readonly query: string;
}

/**
 * A Flagger MetricTemplate: a query that a Canary checks. Flagger's built-in queries for the Gateway API are no alternative, because they
 * select by labels that Prometheus Operator does not set.
 * @see https://docs.flagger.app/usage/metrics
 */
export class MetricTemplate extends ApiObject {
  /** A query to Prometheus. */
  static prometheus(
    scope: Construct,
    id: string,
    { metadata, address, headers, secret, query }: PrometheusTemplateProps,
  ): MetricTemplate {
    return new MetricTemplate(scope, id, metadata, {
      provider: {
        type: 'prometheus',
        address,
        ...(headers === undefined
          ? {}
          : { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) }),
        ...(secret === undefined ? {} : { secretRef: { name: secret } }),
      },
      query,
    });
  }

  private constructor(scope: Construct, id: string, metadata: Metadata, spec: object) {
    super(scope, id, { apiVersion: 'flagger.app/v1beta1', kind: 'MetricTemplate', metadata, spec });
  }
}

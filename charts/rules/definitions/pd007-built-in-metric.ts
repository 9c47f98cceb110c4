import { findCanaries, readMetrics, readProvider } from '../manifests/canaries';
import type { Level, Rule } from '../rule';

interface Pitfall {
  readonly level: Level;
  readonly description: string;
}

const unknownLabels: Pitfall = {
  level: 'error',
  description:
    "selects by the labels kubernetes_namespace and kubernetes_pod_name, which Flagger's own Prometheus sets and Prometheus Operator does not: the query has no value, and every release is rolled back",
};

const mean: Pitfall = {
  level: 'warning',
  description: 'is a mean, not a 99th percentile: it hides that one request in twenty is slow',
};

/** Flagger's own queries by provider and metric (pkg/metrics/observers). */
const pitfalls: Readonly<Record<string, Readonly<Record<string, Pitfall>>>> = {
  gatewayapi: { 'request-success-rate': unknownLabels, 'request-duration': unknownLabels },
  kubernetes: { 'request-success-rate': unknownLabels, 'request-duration': unknownLabels },
  nginx: { 'request-duration': mean },
  skipper: { 'request-duration': mean },
};

export const builtInMetric: Rule = {
  id: 'PD007',
  title: 'Built-in metrics are used only with providers where they are accurate',
  why: 'For the Gateway API and for plain Kubernetes, the built-in queries need labels that Prometheus Operator does not set. For NGINX and Skipper, the built-in duration is a mean.',
  level: 'error',
  check: (objects) => {
    // A Canary does not say which Prometheus it queries; monitors of the operator do.
    const usesPrometheusOperator = objects.some(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));
    return findCanaries(objects).flatMap((canary) => {
      const provider = readProvider(canary);
      return readMetrics(canary).flatMap(({ path, name, template, hasQuery }) => {
        const pitfall = template === undefined && !hasQuery ? pitfalls[provider]?.[name] : undefined;
        return pitfall === undefined
          ? []
          : [
              {
                object: canary,
                path,
                level: usesPrometheusOperator ? pitfall.level : ('warning' as const),
                message: `${name} of the provider ${provider} ${pitfall.description}. Use a MetricTemplate instead`,
              },
            ];
      });
    });
  },
};

import { canaries, readMetrics } from '../manifests/canaries';
import type { Level, Rule } from '../rule';

interface Trap {
  readonly level: Level;
  readonly trap: string;
}

const unknownLabels: Trap = {
  level: 'error',
  trap: "asks for the labels kubernetes_namespace and kubernetes_pod_name, which Flagger's own Prometheus sets and Prometheus Operator does not: there no values, and a rollback of every release",
};

const mean: Trap = {
  level: 'warning',
  trap: 'is a mean, not a 99th percentile: a slow twentieth does not show',
};

/** What Flagger's own queries ask for (pkg/metrics/observers). */
const traps: Readonly<Record<string, Readonly<Record<string, Trap>>>> = {
  gatewayapi: { 'request-success-rate': unknownLabels, 'request-duration': unknownLabels },
  kubernetes: { 'request-success-rate': unknownLabels, 'request-duration': unknownLabels },
  nginx: { 'request-duration': mean },
  skipper: { 'request-duration': mean },
};

export const builtInMetric: Rule = {
  id: 'PD007',
  title: 'Built-in metrics are used only where they mean what they say',
  why: 'For the Gateway API and for plain Kubernetes the built-in queries need labels that Prometheus Operator does not set; for NGINX and Skipper the duration is a mean.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      // Which Prometheus is asked, no Canary says: monitors of the operator do.
      const byOperator = objects.some(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'));
      const provider = String(canary.get('spec', 'provider') ?? '').split(':')[0] ?? '';
      return readMetrics(canary).flatMap(({ path, name, template, hasQuery }) => {
        const found = template === undefined && !hasQuery ? traps[provider]?.[name] : undefined;
        return found === undefined
          ? []
          : [
              {
                object: canary,
                path,
                level: byOperator ? found.level : ('warning' as const),
                message: `${name} of the provider ${provider} ${found.trap}. Use a MetricTemplate of your own.`,
              },
            ];
      });
    }),
};

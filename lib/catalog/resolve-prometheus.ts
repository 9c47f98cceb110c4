import type { Platform } from './schema/platform';

/** What each query to a remote Prometheus carries, as Flagger's MetricTemplates name it (pkg/metrics/providers/prometheus.go). */
export interface PrometheusAccess {
  readonly headers?: Readonly<Record<string, string>>;
  /** The Secret with `username` and `password`, or `token`. */
  readonly secret?: string;
}

/**
 * Resolves `delivery.prometheus`, which is a URL or a URL with headers and a Secret.
 * @param fill fills the placeholders of a name
 */
export function resolvePrometheus(
  { delivery }: { readonly delivery: Pick<Platform['delivery'], 'prometheus'> },
  fill: (template: string) => string = (template) => template,
): { readonly url: string; readonly access?: PrometheusAccess } {
  const { prometheus } = delivery;
  if (typeof prometheus === 'string') {
    return { url: prometheus };
  }
  const { url, headers, secret } = prometheus;
  const access = {
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(secret === undefined ? {} : { secret: fill(secret) }),
  };
  return Object.keys(access).length === 0 ? { url } : { url, access };
}
